// One's own password.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { send } from "../api/client";
import { meKey, useMe } from "../lib/me";
import { Block } from "../ui/block";
import { Empty, ErrorBox, Skeleton } from "../ui/states";

export function PasswordTab() {
  const me = useMe();
  const cache = useQueryClient();
  const [differ, setDiffer] = useState(false);
  const change = useMutation({ mutationFn: (body: unknown) => send("PATCH", "/api/v1/me", { body }), onSuccess: () => cache.invalidateQueries({ queryKey: [meKey] }) });
  if (me.isPending) return <Skeleton />;
  if (me.isError) return <ErrorBox error={me.error} retry={() => void me.refetch()} />;
  if (me.data.single_sign_on && !me.data.has_password) return <Empty title="You sign in by single sign-on"><p>There is no password of yours here; it is changed at your provider.</p></Empty>;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const differs = form.get("password") !== form.get("again");
    setDiffer(differs);
    if (!differs) change.mutate({ present_password: form.get("present"), password: form.get("password") }, { onSuccess: () => element.reset() });
  };
  return (
    <Block>
      <form className="form" onSubmit={submit}>
        <input name="name" type="text" autoComplete="username" value={me.data.name} readOnly hidden />
        {me.data.has_password ? <label>Present password<input name="present" type="password" autoComplete="current-password" required /></label> : <p>You sign in by links. A first password can be set within 15 minutes of the sign-in.</p>}
        <label>New password<input name="password" type="password" autoComplete="new-password" required minLength={12} maxLength={1024} aria-describedby="password-rule" /></label>
        <p id="password-rule" className="quiet">At least 12 characters. Your other sessions end; this one goes on.</p>
        <label>The new one again<input name="again" type="password" autoComplete="new-password" required /></label>
        {differ && <p className="wrong" role="alert">The two new passwords differ.</p>}
        {change.isError && <p className="wrong" role="alert">{change.error.message}</p>}
        {change.isSuccess && <p role="status">The password is changed.</p>}
        <p><button type="submit" className="primary" disabled={change.isPending}>Change the password</button></p>
      </form>
    </Block>
  );
}
