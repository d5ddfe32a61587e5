const shapes = {
  home: 'M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  add: 'M4 4h16v16H4zM12 8v8M8 12h8',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20.5c1-4 4.200-6 8-6s7 2 8 6',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  admin:
    'M12 3.500 19 6v6c0 4.200-3 7.200-7 8.500-4-1.300-7-4.300-7-8.500V6zM9 12l2.200 2.200L15.200 10',
  about: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5.500M12 7.500v.5',
  enter: 'M14 4h5v16h-5M4 12h10M10.500 8l4 4-4 4',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  left: 'M14.500 5.500 8 12l6.500 6.500',
  right: 'M9.500 5.500 16 12l-6.500 6.500',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.500 10 17.500 19.500 7',
  warn: 'M12 4 2.800 20h18.400zM12 10v4.500M12 17v.5',
  camera:
    'M3.500 8h4l1.500-2.500h6L16.500 8h4v11.500h-17zM12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400Z',
  image: 'M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M15.500 9.500h.01',
  album: 'M8 4h12v12H8zM16 16v4H4V8h4',
  moving: 'M8 5.500v13l10.500-6.500z',
  crop: 'M7 3v14h14M3 7h14v14',
  turnRight: 'M19 5v5h-5M19 10a7.500 7.500 0 1 0 .800 5',
  turnLeft: 'M5 5v5h5M5 10a7.500 7.500 0 1 1-.800 5',
  trash: 'M5 7h14M9.500 7V4.500h5V7M7 7l1 12.500h8L17 7M10.500 10.500v5.500M13.500 10.500v5.500',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  followers:
    'M9 12a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 19.500c.800-3.500 3.300-5 6.500-5s5.700 1.500 6.500 5M16 5.300a3.500 3.500 0 0 1 0 6.400M18.300 15c1.700.800 2.800 2.300 3.200 4.500',
  unlisted: 'M9.500 14.500l5-5M11 7l2-2a4 4 0 0 1 6 6l-2 2M13 17l-2 2a4 4 0 0 1-6-6l2-2',
  place:
    'M12 21c4-4.500 6.500-8 6.500-11a6.500 6.500 0 0 0-13 0c0 3 2.500 6.500 6.500 11ZM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  download: 'M12 4v11M7.500 10.500 12 15l4.500-4.500M5 19.500h14',
  archive: 'M4 5h16v4H4zM5.500 9v10.500h13V9M10 13h4',
  edit: 'M5 19l.800-4L16 4.800 19.200 8 9 18.200zM14 7l3 3',
  retry: 'M5 5v5h5M5.500 15a7.500 7.500 0 1 0-.500-5',
  comment: 'M4 5h16v11h-8.500L7 20v-4H4z',
  history: 'M12 7.500V12l3 2M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z',
  feed: 'M5 12a7 7 0 0 1 7 7M5 5.500A13.500 13.500 0 0 1 18.500 19M6 18h.01',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  server:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.500 12h17M12 3.500c-5 5-5 12 0 17M12 3.500c5 5 5 12 0 17',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM15.500 15.500 20.500 20.500',
  pin: 'M9 4h6l-.800 6.500L17 13.500H7l2.800-3zM12 13.500V20.500',
  like: 'M12 20C6 16 3.500 12.800 3.500 9.500a4.300 4.300 0 0 1 8.500-1.200 4.300 4.300 0 0 1 8.500 1.200C20.500 12.800 18 16 12 20Z',
  boost: 'M4 12V8.500h12.500M13.500 5.500l3 3-3 3M20 12v3.500H7.500M10.500 12.500l-3 3 3 3',
  copyright: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM14.700 9.800a3.500 3.500 0 1 0 0 4.400',
} as const;

export type IconName = keyof typeof shapes;

/** A drawn sign; it is decoration, so words must stand beside it or label its button. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg
      class={small ? 'icon icon-small' : 'icon'}
      viewBox="0 0 24 24"
      width={small ? 16 : 24}
      height={small ? 16 : 24}
      fill="none"
      stroke="currentColor"
      stroke-width={name === 'dots' ? 3 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
