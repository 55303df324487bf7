import { notFound } from "next/navigation";
import { NotFoundError } from "#lib/errors.ts";

/** The value, or the page that says there is none. Any other error stays one. */
export async function found<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof NotFoundError) noPage(error);
    throw error;
  }
}

/** The framework's own error, with what it was made of as its cause. */
function noPage(cause: NotFoundError): never {
  try {
    notFound();
  } catch (error) {
    if (error instanceof Error) error.cause = cause;
    throw error;
  }
}
