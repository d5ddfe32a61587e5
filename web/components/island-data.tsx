/**
 * What an island starts from, as a data block: browsers never run it, so it needs no exception in
 * the content security policy. `<` is written as an escape, so no text can end the block.
 */
export function IslandData({ id, data }: { id: string; data: unknown }) {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}
