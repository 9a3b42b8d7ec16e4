/** An address that was copied long ago may name a post that is on another page now. */

/** Ask the forum where the post of the address is, unless it is here or was asked for already. */
export function followAnchor() {
  const id = /^#post-(\d+)$/.exec(location.hash)?.[1];
  if (!id || document.getElementById(`post-${id}`)) return;
  const address = new URL(location.href);
  if (address.searchParams.get("post") === id) return;
  address.searchParams.set("post", id);
  location.replace(address);
}
