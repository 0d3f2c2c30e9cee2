// Sets the chosen theme before the first paint, so that nothing flashes.
(() => {
  try {
    for (const name of ['theme', 'density']) {
      const chosen = localStorage.getItem(`vedette.${name}`);
      if (chosen) document.documentElement.dataset[name] = chosen;
    }
  } catch {
    // Without storage the system's preference holds.
  }
})();
