import type { ComponentChildren } from 'preact';
import type { Shell } from '#doors/entities/page-types.ts';
import type { PageHead } from './page-content.ts';

function Preview({ title, head, shell }: { title: string; head: PageHead; shell: Shell }) {
  const { image } = head;
  // The title of what only some may read has its first words.
  const named = head.noindex !== true || head.canonical !== undefined;
  return (
    <>
      <meta property="og:site_name" content={shell.instance.name} />
      {named && <meta property="og:title" content={title} />}
      <meta property="og:type" content={head.kind ?? 'website'} />
      {head.canonical && <meta property="og:url" content={head.canonical} />}
      {head.description && <meta property="og:description" content={head.description} />}
      {image && <meta property="og:image" content={image.url} />}
      {image?.alt && <meta property="og:image:alt" content={image.alt} />}
      {image?.width && <meta property="og:image:width" content={String(image.width)} />}
      {image?.height && <meta property="og:image:height" content={String(image.height)} />}
      <meta name="twitter:card" content={image ? 'summary_large_image' : 'summary'} />
    </>
  );
}

/** Addresses by which readers other than browsers find the same thing. */
function Alternates({ head }: { head: PageHead }) {
  return (
    <>
      {head.canonical && <link rel="canonical" href={head.canonical} />}
      {head.feed && (
        <link
          rel="alternate"
          type="application/atom+xml"
          href={head.feed.url}
          title={head.feed.title}
        />
      )}
      {head.activity && (
        <link rel="alternate" type="application/activity+json" href={head.activity} />
      )}
    </>
  );
}

/** The `<html>` around a page. Scripts and styles are files: the content security policy knows no inline. */
export function Document({
  shell,
  title,
  head,
  islands,
  children,
}: {
  shell: Shell;
  title: string;
  head: PageHead | undefined;
  /** Names below `islands/`, without `.js`. */
  islands: readonly string[];
  children: ComponentChildren;
}) {
  const { asset, theme, instance } = shell;
  return (
    <html lang="en" data-theme={theme === 'auto' ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <title>{title === instance.name ? title : `${title} · ${instance.name}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content={theme === 'auto' ? 'light dark' : theme} />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f4f0" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#161513" />
        {head?.description && <meta name="description" content={head.description} />}
        {(head === undefined || head.noindex) && (
          <meta name="robots" content="noindex, noarchive" />
        )}
        <link rel="stylesheet" href={asset('styles/main.css')} />
        <link rel="icon" href={asset('static/icon.svg')} type="image/svg+xml" />
        <link rel="icon" href={asset('static/favicon.ico')} sizes="32x32" />
        <link rel="apple-touch-icon" href={asset('static/apple-touch-icon.png')} />
        <link rel="manifest" href={asset('static/manifest.webmanifest')} />
        {head && <Preview title={title} head={head} shell={shell} />}
        {head && <Alternates head={head} />}
        {islands.map((name) => (
          <script key={name} type="module" src={asset(`islands/${name}.js`)} />
        ))}
      </head>
      <body>{children}</body>
    </html>
  );
}
