using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Generators.Tests.Shapes;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Content;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Results;

public sealed record Order([Range(1, 10)] int Count, [RegularExpression("[a-z]+")] string Item, [MaxLength(2)] string[]? Notes = null);

[McpTools]
public sealed class ResultTools
{
    [McpTool] public Pair Object() => new("k", 1);
    [McpTool] public Task<Pair?> NullableObject(bool isNull) => Task.FromResult<Pair?>(isNull ? null : new Pair("k", 1));
    [McpTool] public List<int> List() => [1, 2];
    [McpTool] public Dictionary<string, int> Map() => new() { ["a"] = 1 };
    [McpTool] public JsonNode? Node(bool isObject) => isObject ? new JsonObject { ["a"] = 1 } : new JsonArray(1);
    [McpTool] public Utf8Json Raw(Utf8Json value) => value;
    [McpTool] public byte[] Bytes() => [1, 2, 3];
    [McpTool] public Money Foreign() => new(1, "EUR");
    [McpTool] public McpContent Block() => McpContent.Image(new byte[] { 1 }, "image/png");
    [McpTool] public async ValueTask<IEnumerable<McpContent>> Blocks()
    {
        await Task.Yield();
        return [McpContent.Text("a"), McpContent.Text("b")];
    }

    [McpTool]
    public PooledByteWriter Rented(McpCall call)
    {
        var writer = call.RentWriter();
        writer.Write("written"u8);
        return writer;
    }

    [McpTool]
    public async IAsyncEnumerable<string> Texts(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(0, cancellationToken);
            yield return $"text {i}";
        }
    }

    [McpTool]
    public async IAsyncEnumerable<Pair> Pairs(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return new Pair("k", i);
        }
    }

    [McpTool]
    public async IAsyncEnumerable<int> Failing()
    {
        yield return 1;
        await Task.Yield();
        throw new McpToolException("No more.");
    }

    [McpTool]
    public async IAsyncEnumerable<string> Long()
    {
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
            yield return new string('x', 100_000);
        }
    }

    [McpTool] public string Take(Order order, [AllowedValues("a", "b")] string choice = "a", [EmailAddress] string? mail = null, [DeniedValues(3)] int number = 1, params int[] more) =>
        $"{order.Count} {order.Item} {choice} {mail} {number} {more.Length}";

    [McpTool, Batch(Max = 8, WaitMicroseconds = 100)]
    public async ValueTask Batched(McpBatch<Order> orders, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        foreach (var order in orders)
        {
            if (order.Arguments.Item == "bad")
            {
                order.SetError("Bad item.");
            }
            else if (order.Arguments.Item != "forgotten")
            {
                order.SetResult(Encoding.UTF8.GetString([.. order.Arguments.Item.Select(static c => (byte)c)]));
            }
        }
    }
}
