// Dark, light, or as the system is; kept in the browser only.
export type Theme = "system" | "dark" | "light";

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem("scantling-theme");
    return kept === "dark" || kept === "light" ? kept : "system";
  } catch {
    return "system"; // storage is off
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("scantling-theme", theme);
  } catch {
    // It holds for this visit.
  }
}
