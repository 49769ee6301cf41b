// Effects: toasts asked for by handlers. Reflex's own way needs eval, which the content security policy forbids.
import { useEffect, useRef } from "react";
import { toast } from "sonner";

export function Effects({ turn, text, tone }) {
  const shown = useRef(turn);
  useEffect(() => {
    if (turn === shown.current || !turn) return;
    shown.current = turn;
    ({ ok: toast.success, error: toast.error })[tone]?.(text, { duration: tone === "error" ? 8000 : 4000 }) ?? toast(text);
  }, [turn]);
  return null;
}
