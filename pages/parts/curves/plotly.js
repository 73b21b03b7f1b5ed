// Loads plotly.js once a page; whoever asks first, all wait for the same script.
function plotly(url) {
  if (window.Plotly) return Promise.resolve();
  window.lightboxPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => {
      window.lightboxPlotly = undefined;
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return window.lightboxPlotly;
}
