import { field } from "#app/components/styles.ts";

interface InputProps {
  label: string;
  name: string;
  type?: "text" | "email" | "password";
  autoComplete: string;
  hint?: string;
  inputMode?: "numeric";
  autoFocus?: boolean;
}

/** A labelled field; what went wrong is told by the element `problem` of the same form. */
export function Field({ label, name, type = "text", autoComplete, hint, ...rest }: InputProps) {
  return (
    <label className="grid gap-1.5 font-medium text-sm">
      {label}
      <input className={field} name={name} type={type} autoComplete={autoComplete} required {...rest} />
      {hint && <span className="font-normal text-ink-faint text-xs">{hint}</span>}
    </label>
  );
}

export function Problem({ children }: { children: string | null }) {
  return (
    <p role="alert" className="text-danger text-sm empty:hidden">
      {children}
    </p>
  );
}

export const passwordHint = "At least 12 characters. A sentence of your own is easiest to keep and hardest to guess.";
