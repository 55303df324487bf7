/** Stands under every question box and at the foot of every source. */
export function StandingNotice({ className = "" }: { className?: string }) {
  return (
    <p className={`text-ink-faint text-xs ${className}`}>
      Probatum quotes evidence; it does not diagnose. Check the source before acting.
    </p>
  );
}
