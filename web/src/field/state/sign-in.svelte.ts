// Whether the shopper asked to sign in again over an ended session.

class SignIn {
  asked = $state(false);
}

export const signIn = new SignIn();
