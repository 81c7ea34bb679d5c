{
  "targets": [
    {
      "target_name": "sum",
      "sources": ["src/sum.cc"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"]
    }
  ]
}
