#!/usr/bin/env bash
# Fetches the packages that the benches run over. Nothing of them is ever run.
set -euo pipefail

cd "$(dirname "$0")"
mkdir -p packages
cd packages

packages=(
  @solana/web3.js@1.95.8
  axios@1.7.9
  chalk@5.3.0
  core-js@3.39.0
  debug@4.4.0
  discord.js@14.16.3
  dotenv@16.4.7
  esbuild@0.24.0
  eslint@9.16.0
  ethers@6.13.4
  express@4.21.2
  lodash@4.17.21
  next@15.1.0
  npm@11.19.1
  puppeteer-core@23.10.0
  react-dom@19.0.0
  rxjs@7.8.1
  three@0.171.0
  typescript@5.6.3
  webpack@5.97.1
)

for package in "${packages[@]}"; do
  # npm names the file so: no @ in front, / and @ become -.
  file="${package#@}"
  file="${file//[\/@]/-}.tgz"
  if [ ! -f "$file" ]; then
    echo "$package"
    npm pack --ignore-scripts --silent "$package" >/dev/null
  fi
done
ls -l
