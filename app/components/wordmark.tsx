/** Two brackets of a quotation around the mark of what has been proven. */
export function Mark({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10 6.5H7.5v19H10M22 6.5h2.5v19H22" strokeWidth="2.2" opacity=".75" />
        <path d="m11 16.4 3.6 3.7 6.6-8" strokeWidth="2.8" />
      </g>
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-[1.0625rem] tracking-[-0.015em]">
      <Mark />
      Probatum
    </span>
  );
}
