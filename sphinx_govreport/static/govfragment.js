/* Copies a fragment: editors take it with its looks, their source view takes its HTML. Written for old browser kernels too. */
(function () {
  var source = document.getElementById("govfragment-source");
  if (!source) return;
  var button = document.getElementById("govfragment-copy");
  var status = document.getElementById("govfragment-status");
  var preview = document.getElementById("govfragment-preview");

  // a strict Content-Security-Policy blocks the attribute "style" in what is parsed, but not what a script declares
  var parsed = new DOMParser().parseFromString(source.value.replace(/ style="/g, ' data-style="'), "text/html");
  while (parsed.body.firstChild) preview.appendChild(parsed.body.firstChild);
  Array.prototype.forEach.call(preview.querySelectorAll("[data-style]"), function (element) {
    element.style.cssText = element.getAttribute("data-style");
    element.removeAttribute("data-style");
  });

  function fill(event) {
    event.clipboardData.setData("text/html", source.value);
    event.clipboardData.setData("text/plain", source.value);
    event.preventDefault();
  }
  button.addEventListener("click", function () {
    source.select();
    document.addEventListener("copy", fill);
    var isCopied = document.execCommand("copy"); // unlike its successor it works where the page is not served by HTTPS
    document.removeEventListener("copy", fill);
    button.focus();
    status.textContent = status.getAttribute(isCopied ? "data-copied" : "data-failed");
  });
  button.hidden = preview.hidden = false;
})();
