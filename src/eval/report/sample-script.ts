/**
 * Filters and sorts the samples of a report, in the browser. It reads attributes and shows or hides; it
 * writes no text of a sample anywhere.
 */
export const sampleScript = `(() => {
const list = document.getElementById("samples");
if (!list) return;
const bar = document.querySelector(".filters");
const [benchmark, change, order, text, count, more] =
  ["benchmark", "change", "order", "text", "count", "more"].map((id) => document.getElementById(id));
const all = [...list.children];
const page = 20;
let most = page;
const show = () => {
  const words = text.value.toLowerCase();
  const fits = all.filter((one) => (!benchmark.value || one.dataset.benchmark === benchmark.value) &&
    (!change || !change.value || one.dataset.change === change.value) &&
    (!words || one.textContent.toLowerCase().includes(words)));
  const sign = order && order.value === "worse" ? 1 : order && order.value === "better" ? -1 : 0;
  if (sign) fits.sort((a, b) => sign * (a.dataset.gain - b.dataset.gain));
  list.replaceChildren(...fits.slice(0, most));
  count.textContent = fits.length + " of " + all.length;
  more.hidden = fits.length <= most;
};
const start = () => { most = page; show(); };
for (const one of [benchmark, change, order]) if (one) one.addEventListener("change", start);
text.addEventListener("input", start);
more.addEventListener("click", () => { most += 50; show(); });
window.addEventListener("beforeprint", () => { most = all.length; show(); });
bar.hidden = false;
if (order) order.value = "worse";
show();
})();`;
