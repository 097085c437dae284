import { useState } from 'preact/hooks';
import { Button } from './button.js';
import { toast } from './toast.js';

/** Puts a text on the clipboard. */
export const CopyButton = ({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) => {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      toast('The browser does not let this page use the clipboard.', 'warn');
    }
  };
  return (
    <Button kind="quiet" small onClick={() => void copy()}>
      {copied ? 'Copied' : label}
    </Button>
  );
};
