import { ChevronLeft, ChevronRight } from "lucide-react";
import { button } from "#app/components/styles.ts";
import type { Shown } from "./branches.ts";

export interface VersionPagerProps {
  shown: Shown;
  /** What there are versions of. */
  of: "question" | "answer";
  onShow: (messageId: string) => void;
}

/** Leafs through the versions of a question or an answer; nothing where there is only one. */
export function VersionPager({ shown, of, onShow }: VersionPagerProps) {
  const { message, versions } = shown;
  const at = versions.indexOf(message.id);
  if (versions.length < 2) return null;
  return (
    <fieldset
      aria-label={`Versions of this ${of}`}
      className="ml-auto flex shrink-0 items-center text-ink-soft text-xs"
    >
      <Step label={`Earlier ${of}`} to={versions[at - 1]} onShow={onShow}>
        <ChevronLeft className="size-4" aria-hidden="true" />
      </Step>
      <span className="tabular whitespace-nowrap">
        {at + 1} of {versions.length}
      </span>
      <Step label={`Later ${of}`} to={versions[at + 1]} onShow={onShow}>
        <ChevronRight className="size-4" aria-hidden="true" />
      </Step>
    </fieldset>
  );
}

interface StepProps {
  label: string;
  to: string | undefined;
  onShow: (messageId: string) => void;
  children: React.ReactNode;
}

// Not disabled at the end of the row: a button that is would lose the keyboard's focus on the way there.
function Step({ label, to, onShow, children }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-disabled={to === undefined || undefined}
      className={`${button.smallIcon} aria-disabled:cursor-not-allowed aria-disabled:opacity-55`}
      onClick={() => to && onShow(to)}
    >
      {children}
    </button>
  );
}
