"use strict";
// Only for a check of this page, which opens it with `#check`: says what the browser made of it, and changes nothing else.
if (location.hash === "#check") {
  const all = (query, from) => [...(from || document).querySelectorAll(query)];
  const box = (element) => element.getBoundingClientRect();
  const faults = [];
  for (const plot of all("figure[data-plot] svg")) {
    const name = plot.closest("figure").dataset.plot;
    const edge = box(plot);
    const texts = all("text", plot).filter((text) => text.textContent.trim() !== "");
    const boxes = texts.map(box);
    texts.forEach((text, at) => {
      const own = boxes[at];
      const aside = own.left < edge.left - 0.5 || own.right > edge.right + 0.5;
      if (aside || own.top < edge.top - 0.5 || own.bottom > edge.bottom + 0.5) {
        faults.push(`${name}: "${text.textContent}" leaves the plot`);
      }
      for (let other = 0; other < at; other += 1) {
        const wide = Math.min(own.right, boxes[other].right) - Math.max(own.left, boxes[other].left);
        const high = Math.min(own.bottom, boxes[other].bottom) - Math.max(own.top, boxes[other].top);
        if (wide > 1 && high > 4) {
          faults.push(`${name}: "${text.textContent}" lies over "${texts[other].textContent}"`);
        }
      }
    });
  }
  for (const element of all("main *")) {
    const own = box(element);
    if (own.right > innerWidth + 0.5 && !element.closest(".scroll, svg")) {
      faults.push(`<${element.tagName.toLowerCase()}> reaches ${own.right} of ${innerWidth}`);
    }
  }
  const found = {
    width: innerWidth,
    wide: document.documentElement.scrollWidth,
    high: document.documentElement.scrollHeight,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    ground: getComputedStyle(document.body).backgroundColor,
    plots: all("figure[data-plot]").map((plot) => [plot.dataset.plot, all("[data-at]", plot).length]),
    figures: all("[data-at]").map((figure) => [
      figure.dataset.at,
      figure.dataset.value,
      figure.closest("svg") ? null : figure.textContent,
    ]),
    record: document.getElementById("record").textContent,
    faults,
  };
  const told = encodeURIComponent(JSON.stringify(found));
  document.documentElement.dataset.check = told;
  if (parent !== window) parent.postMessage(told, "*");
}
