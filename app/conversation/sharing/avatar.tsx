import { initialsOf } from "./words.ts";

/** A person by the letters of their name; the dot says that they are here. */
export function Avatar({ name, isHere }: { name: string; isHere: boolean }) {
  return (
    <span className="relative inline-flex shrink-0" title={name} aria-hidden="true">
      <span
        className={`inline-flex size-8 items-center justify-center rounded-full border-2 border-paper font-semibold text-[0.6875rem] ${
          isHere ? "bg-accent text-on-accent" : "bg-panel text-ink-soft ring-1 ring-line ring-inset"
        }`}
      >
        {initialsOf(name)}
      </span>
      {isHere && (
        <span className="absolute right-0 bottom-0 size-2.5 rounded-full border-2 border-paper bg-accent-strong" />
      )}
    </span>
  );
}
