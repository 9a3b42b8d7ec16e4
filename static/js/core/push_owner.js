/** For whom this browser takes push messages: an account's public id, "" for nobody. */

const STORED = "push";

/** @returns {string} */
export function pushOwner() {
  try {
    return localStorage.getItem(STORED) ?? "";
  } catch {
    return ""; // a browser that keeps nothing takes no messages either
  }
}

/** @param {string} account "" for nobody any longer */
export function setPushOwner(account) {
  try {
    if (account) localStorage.setItem(STORED, account);
    else localStorage.removeItem(STORED);
  } catch {
    // as above
  }
}
