/* Copies a fragment: with styles for the editor, as HTML for its source view. Saves drawings as PNG.
   Also works in old browser kernels. */
(function () {
  var source = document.getElementById("govfragment-source");
  if (!source) return;
  var button = document.getElementById("govfragment-copy");
  var status = document.getElementById("govfragment-status");
  var preview = document.getElementById("govfragment-preview");

  // a strict Content-Security-Policy blocks the attribute "style" in parsed HTML, but not styles set by a script
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
    var isCopied = document.execCommand("copy"); // unlike its successor, it works without HTTPS
    document.removeEventListener("copy", fill);
    button.focus();
    status.textContent = status.getAttribute(isCopied ? "data-copied" : "data-failed");
  });
  button.hidden = preview.hidden = false;

  // upload dialogs of editors do not accept SVG
  function save(png) {
    var link = png.parentNode.querySelector("a");
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * image.width; // sharp on any screen
      canvas.height = 2 * image.height;
      var context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        var saved = document.createElement("a");
        saved.href = URL.createObjectURL(blob);
        saved.download = link.textContent.replace(/\.svg$/, ".png");
        document.body.appendChild(saved); // some browsers ignore clicks on other links
        saved.click();
        document.body.removeChild(saved);
      });
    };
    // scripts cannot read pictures from the disk, and a strict policy does not allow pictures embedded in the page
    var isFile = location.protocol === "file:";
    image.src = isFile ? "data:image/svg+xml," + encodeURIComponent(png.getAttribute("data-svg")) : link.href;
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-svg]"), function (png) {
    png.onclick = function () { save(png); };
    png.hidden = !HTMLCanvasElement.prototype.toBlob;
  });
})();
