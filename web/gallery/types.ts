/** A photo of the gallery; names of files are relative to `index.html`. */
export type GalleryPhoto = {
  /** The small file for the grid. */
  small: string;
  /** What the viewer shows; a file that every browser knows. */
  full: string;
  /** What was uploaded, if it is another one. */
  original: string | null;
  width: number;
  height: number;
  alt: string;
  /** As the camera wrote it. */
  takenAt: string | null;
  camera: string;
  /** Where to look, in percent from the left and from the top. */
  focus: [number, number];
};

/** A post with photos. Times in milliseconds since 1970. */
export type GalleryPost = {
  id: string;
  at: number;
  caption: string;
  warning: string;
  visibility: 'public' | 'unlisted' | 'followers' | 'self' | 'direct';
  /** Put away: nobody else saw it. */
  archived: boolean;
  place: string;
  tags: string[];
  likes: number;
  boosts: number;
  /** How many there were; the first of them stand in `comments`. */
  commentsCount: number;
  comments: { name: string; text: string; at: number }[];
  photos: GalleryPhoto[];
};

/** Whose gallery it is. */
export type GalleryOwner = {
  name: string;
  handle: string;
  bio: string;
  avatar: string | null;
  /** Address of the profile when the archive was made. */
  url: string;
  madeAt: number;
};
