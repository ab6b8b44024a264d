// Boxes that scroll: whoever uses the keyboard must be able to reach them, but only where there is something to scroll.
import { type ReactNode, type Ref, useCallback, useState } from "react";

function useScrollable(): [Ref<HTMLDivElement>, number | undefined] {
  const [scrolls, setScrolls] = useState(false);
  const ref = useCallback((element: HTMLDivElement | null) => {
    if (!element) return;
    const measure = () => setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    const mutations = new MutationObserver(measure);
    mutations.observe(element, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      mutations.disconnect();
    };
  }, []);
  return [ref, scrolls ? 0 : undefined];
}

export function Block({ children, ...more }: { children: ReactNode; role?: string }) {
  const [ref, tabIndex] = useScrollable();
  return (
    <div className="block" ref={ref} tabIndex={tabIndex} {...more}>
      {children}
    </div>
  );
}

export function Page({ children }: { children: ReactNode }) {
  const [ref, tabIndex] = useScrollable();
  return (
    <div className="page" ref={ref} tabIndex={tabIndex}>
      {children}
    </div>
  );
}
