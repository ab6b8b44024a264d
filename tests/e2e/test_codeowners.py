"""CODEOWNERS: whose an image is, by the path of its Dockerfile, told by CI and shown with its reason."""
from harness import case, check, fresh, run, same
from server_support import serving
from test_server import image, submit


def answer(server, digest):
    found = server.get(f"/api/v1/images/{digest}").expect(200).json()
    return [found["owner"], found["owner_by"], found["image_owner"], found["image_owner_by"]]


@case("codeowners: record build says whose an image is, with the line that decides")
def record():
    folder = fresh("codeowners")
    with serving(f"{folder}/data") as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        submit(server, token, image(("lodash", "4.17.15")), "registry.example/shop:1")
        digest = server.column("/api/v1/images", "digest")[0]
        with open(f"{folder}/CODEOWNERS", "w", encoding="utf-8") as file:
            file.write("# who\n* @everybody\n/services/shop/ @example/team-shop @ann\nbroken line\n[Image] @platform-images\n**/Dockerfile\n")

        def tell(*arguments):
            return run("record", "build", digest, "--server", server.url, *arguments, env={"SCANTLING_TOKEN": token})
        told = tell("--codeowners", f"{folder}/CODEOWNERS", "--dockerfile", "services/shop/Dockerfile", "--commit", "1").expect(0)
        check("application: example/team-shop, by line 3" in told.err and "image: platform-images, by line 6" in told.err, told.err)
        check('line 4: "line" is no owner' in told.err, told.err)
        same(answer(server, digest), ["example/team-shop", "CODEOWNERS line 3, for services/shop/Dockerfile", "platform-images",
                                      "CODEOWNERS line 6, section Image, for services/shop/Dockerfile"], "whose it is")
        records = server.get(f"/api/v1/images/{digest}").expect(200).json()["records"]
        same([[one["kind"], one["commit"]] for one in records], [["build", "1"]], "what pipelines recorded")
        # A copy is its image's owner's; who sees only their own sees it.
        body = {"schema": "scantling.running/1", "reporter": "r", "kind": "kubernetes", "type": "snapshot", "copies": [{"uid": "a", "digest": digest, "namespace": "shop"}]}
        server.call("POST", "/api/v1/running", body, token=token).expect(200)
        same(server.column("/api/v1/running", "owner"), ["example/team-shop"], "the copy's owner")
        # Rules before or after it, or without it.
        rules = {"rules": [{"repository": "*/shop", "owner": "team-rule"}]}
        for order, want in [({}, "team-rule"), ({"codeowners": "first"}, "example/team-shop"), ({"codeowners": "last"}, "team-rule"), ({"codeowners": "off"}, "team-rule")]:
            server.call("PUT", "/api/v1/owners", {**rules, **order}).expect(204)
            same([answer(server, digest)[0], server.column("/api/v1/running", "owner")], [want, [want]], order)
        same(answer(server, digest)[1], "rule 1", "why")
        server.call("PUT", "/api/v1/owners", {"rules": [], "codeowners": "last"}).expect(204)
        same(answer(server, digest)[0], "example/team-shop", "no rule matches")
        server.call("PUT", "/api/v1/owners", {"rules": [], "codeowners": "perhaps"}).expect(400)
        # A later record changes it, an earlier one that comes late does not; the same again is no news.
        late = {"digest": digest, "codeowners": "* @late\n", "at": "2020-01-01T00:00:00Z"}
        same(server.call("POST", "/api/v1/builds", late, token=token).expect(201).json()["owners"], [{"role": "application", "owner": "late", "line": 1, "section": ""}], "the answer")
        same(answer(server, digest)[0], "example/team-shop", "after an old record")
        tell("--codeowners", f"{folder}/CODEOWNERS", "--commit", "2").expect(0)
        same(answer(server, digest)[:2], ["everybody", "CODEOWNERS line 2, for Dockerfile"], "after a move of the Dockerfile")
        same(server.column("/api/v1/running", "owner"), ["everybody"], "the copy's owner after it")
        for wrong, text in [({"dockerfile": "../x"}, "within the repository"), ({"dockerfile": "/etc/x"}, "within the repository"), ({"codeowners": 7}, "text of the file"),
                            ({"codeowners": "a @b\n" * 20001}, "20000 rules")]:
            refused = server.call("POST", "/api/v1/builds", {"digest": digest, "codeowners": "* @x", **wrong}, token=token)
            check(refused.status in (400, 413) and text in refused.json()["detail"], f"{str(wrong)[:60]}: {refused.text}")
        tell("--codeowners", f"{folder}/no-such-file").expect(3)
