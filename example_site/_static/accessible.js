/* 主题自带的几处无障碍缺陷：补上地标、名称和标题级别 */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";

  function each(selector, change) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), change);
  }

  function set(selector, attribute, value) {
    each(selector, function (element) {
      element.setAttribute(attribute, value);
    });
  }

  // alabaster：页脚不是地标，侧栏标题跳级
  set("div.footer", "role", "contentinfo");
  set(".sphinxsidebarwrapper h3", "aria-level", "2");

  // Furo：两个侧栏同名，检索页没有一级标题
  set(".sidebar-drawer", "aria-label", "网站导航");
  set(".toc-drawer", "aria-label", "本页目录");
  if (!document.querySelector("h1")) {
    var title = document.createElement("h1");
    title.className = "only-read";
    title.textContent = document.title;
    var main = document.querySelector("main, [role=main], article, .body");
    if (main) main.insertBefore(title, main.firstChild);
  }

  // PyData、Book：按钮的名称与看到的文字不同，折叠按钮没有名称，侧栏不是地标
  each(".search-button-field", function (button) {
    button.removeAttribute("aria-label");
  });
  each("summary", function (summary) {
    if (!summary.textContent.trim()) summary.setAttribute("aria-label", "展开或收起");
  });
  set("div.bd-sidebar-primary", "role", "complementary");
  set("div.bd-sidebar-primary", "aria-label", "网站导航");

  // Read the Docs：页脚在正文里，不算地标
  set(".wy-nav-content footer", "role", "contentinfo");
  each(".wy-nav-content footer [role=contentinfo]", function (inner) {
    inner.removeAttribute("role");
  });
});
