export type Role = 'owner' | 'admin' | 'member';

/** Who asks: an account of this instance that is signed in. */
export type Viewer = { id: number; username: string; role: Role };

/** Who acts on other people's accounts: a signed-in person, or the operator at the command line. */
export type Actor = Viewer | 'console';

/** True for people who may open the admin pages. */
export function isAdmin(viewer: Viewer | null): boolean {
  return viewer !== null && viewer.role !== 'member';
}
