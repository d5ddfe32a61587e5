import { render } from 'preact';
import { gallery as words } from '#web/text/gallery.ts';
import { App } from './app.tsx';
import type { GalleryOwner, GalleryPost } from './types.ts';

// The scripts before this one filled these: a page from a disk may not fetch.
declare const self: { galleryOwner?: GalleryOwner; galleryPosts?: GalleryPost[] };

const place = document.getElementById('gallery');
const { galleryOwner: owner, galleryPosts: posts = [] } = self;
if (place !== null && owner !== undefined) render(<App owner={owner} posts={posts} />, place);
else if (place !== null) place.textContent = words.broken;
