// Keys of the whole page: "g i" goes to images, "/" to the search field, "?" tells them all. A key typed into a field is text.
import { useEffect, useRef } from "react";

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

// Inside a dialog or a menu the keys are theirs.
function inOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("[role=dialog],[role=menu],[role=listbox]") !== null;
}

// `handlers` by key, or by "g x" for two keys within a second. A handler that returns false leaves the key to the browser.
export function useKeys(handlers: Record<string, (event: KeyboardEvent) => void | boolean>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    let prefix = "";
    let at = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || typing(event.target) || inOverlay(event.target)) return;
      const combined = prefix && event.timeStamp - at < 1000 ? `${prefix} ${event.key}` : event.key;
      const handler = latest.current[combined] ?? latest.current[event.key];
      const leads = Object.keys(latest.current).some((key) => key.startsWith(`${event.key} `));
      prefix = leads && combined === event.key ? event.key : "";
      at = event.timeStamp;
      if (handler && handler(event) !== false) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
