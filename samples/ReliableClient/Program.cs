using Peregrine.Client;
using Peregrine.Client.Calling;

await using var client = await PeregrineClient.ConnectAsync(new Uri(args[0]));

// May be tried again: the caller says that it changes nothing.
using var weather = await client.CallToolAsync("get_weather", """{"city":"Oslo"}"""u8.ToArray(), new CallOptions { ReadOnly = true });

// Runs once, however often it is sent, where the server keeps a ledger; where not, it is sent once.
using var order = await client.CallToolAsync("order", """{"item":7}"""u8.ToArray(), new CallOptions { IdempotencyKey = "order-2f9c1b7e5a" });
Console.WriteLine(order.Outcome); // attempts, acknowledged, processed, duplicate, unknown
