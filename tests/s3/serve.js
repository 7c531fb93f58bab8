// serve.js FOLDER: an S3 on a free port of loopback, which it prints, with the bucket "books".
const S3rver = require("s3rver");
new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: process.argv[2],
    configureBuckets: [{ name: "books", configs: [] }] }).run().then(address => console.log(address.port));
