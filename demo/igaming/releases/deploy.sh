#!/usr/bin/env bash
# Builds a version of payment-service and starts it in the place of the running one.
# 1.0.0 is what lies in services/; 2.0.0 brings a regression; 3.0.0 mends it; 4.0.0 is 2.0.0 once more.
# Each version is a commit, so that the server can say which one is suspect. usage: deploy.sh VERSION
. "$(dirname "$0")/../common.sh"
version=${1:?usage: deploy.sh VERSION}
service=payment-service
patch_file="$PLATFORM_DIR/releases/$service-$version.patch"
if [ "$version" != 1.0.0 ] && [ ! -f "$patch_file" ]; then say "there is no version $version"; exit 1; fi
source_dir="$PLATFORM_DIR/services/$service"
folder="$GO_BIN_DIR/releases/$service-$version"

say "building $service $version"
rm -rf "$folder" && mkdir -p "$folder"
cp -r "$source_dir/src" "$source_dir/package.json" "$folder/"
# The version's types are checked as a build would; tests are not part of a release.
sed 's/"include": .*/"include": ["src"]/' "$source_dir/tsconfig.json" > "$folder/tsconfig.json"
ln -s "$(npm_of $service)/node_modules" "$folder/node_modules"
commit() { # usage: commit MESSAGE
    git -C "$folder" add src package.json
    git -C "$folder" -c user.name="$service" -c user.email="$service@localhost" commit -q --no-verify -m "$1"
}
git -C "$folder" init -q
git -C "$folder" remote add origin "https://localhost/igaming/$service"
commit "$service 1.0.0"
if [ -f "$patch_file" ]; then
    patch -s -d "$folder" -p1 < "$patch_file"
    commit "$service $version: a bonus by the size of the deposit"
fi
(cd "$folder" && "$(node_command)" node_modules/typescript/bin/tsc --noEmit)

"$PLATFORM_DIR/control.sh" deploy "$service" "$folder" "$version"
"$PLATFORM_DIR/releases/announce.sh" "$service" "$version" "$folder"
