/** Looks shared by many controls, as class names. */
const control =
  "inline-flex items-center justify-center gap-1.5 rounded-md font-medium text-sm transition-colors disabled:opacity-55 disabled:pointer-events-none";

export const button = {
  primary: `${control} h-9 px-3.5 bg-accent text-on-accent hover:bg-accent-strong`,
  secondary: `${control} h-9 px-3 border border-line-strong/60 bg-raised text-ink hover:border-line-strong hover:bg-panel`,
  danger: `${control} h-9 px-3.5 border border-danger-line bg-danger-wash text-danger hover:border-danger`,
  quiet: `${control} h-8 px-2 text-ink-soft hover:bg-panel hover:text-ink`,
  icon: `${control} size-9 text-ink-soft hover:bg-panel hover:text-ink`,
  smallIcon: `${control} size-7 text-ink-soft hover:bg-panel hover:text-ink`,
};

/** As wide as what it holds, or as a width says: with `field` a width of one's own would lose against its `w-full`. */
export const narrowField =
  "rounded-md border border-line-strong bg-raised px-3 py-2 text-[0.9375rem] placeholder:text-ink-faint focus-visible:outline-2 focus-visible:outline-accent focus-visible:outline-offset-0";

export const field = `w-full ${narrowField}`;

export const menuItem =
  "flex w-full cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none data-highlighted:bg-accent-wash data-highlighted:text-accent-strong";

export const textLink = "text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent";

export const dialogBackdrop =
  "fixed inset-0 z-40 bg-[rgb(8_18_18/0.45)] transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

export const dialogPopup =
  "popup fixed top-1/2 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 p-5";
