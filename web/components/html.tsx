/** HTML that the server has built from its own allow-list (captions, profiles); never other text. */
export function Html({ html, className }: { html: string; className?: string }) {
  return <div class={className} dangerouslySetInnerHTML={{ __html: html }} />;
}
