using System.Text;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Tests.Workloads;

public sealed class WorkloadTests
{
    private const string Whole = """
        {
          // what agents do
          "name": "mine",
          "operations": [
            { "as": "short", "method": "tools/call", "name": "echo", "weight": 3, "arguments": { "message": { "$text": { "length": 8 } } }, "expect": { "argument": "message" } },
            { "method": "resources/read", "uri": "file:///a" },
            { "method": "ping" },
          ],
          "order": "sequence", "session": "iteration", "connection": "iteration",
          "calls": { "from": 2, "to": 4 }, "think": 0.5, "pause": 1, "seed": 7,
          "stages": [ { "seconds": 5, "rate": 100, "ramp": true }, { "seconds": 60, "rate": 200 } ]
        }
        """;

    [Fact]
    public void A_file_is_read_whole()
    {
        var workload = Read(Whole);
        Assert.Equal(("mine", 3, StepOrder.Sequence, SessionScope.Iteration, ConnectionScope.Iteration), (workload.Name, workload.Operations.Count, workload.Order, workload.Session, workload.Connection));
        Assert.Equal((2, 4, 0.5, 1d, 7), (workload.MinCalls, workload.MaxCalls, workload.ThinkTime.TotalSeconds, workload.Pause.TotalSeconds, workload.Seed));
        Assert.Equal(["short", "file:///a", "ping"], workload.Operations.Select(operation => operation.Name));
        Assert.True(workload.IsOpen);
        Assert.Equal(65, workload.Duration.TotalSeconds);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place()
    {
        const string Wrong = """
            { "name": 5, "operations": [ { "method": "tools/cal" }, { "method": "ping", "nmae": "x" } ], "session": "mine", "stages": [ { "seconds": -1 }, 7 ] }
            """;
        var faults = WorkloadReader.Read(Encoding.UTF8.GetBytes(Wrong)).Faults;
        Assert.Collection(
            faults.Order(StringComparer.Ordinal),
            fault => Assert.StartsWith("name: must be a text", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("operations[0].method: \"tools/cal\" is not one of", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("operations[1].nmae: unknown", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("session: \"mine\" is not one of shared, user, iteration, call", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("stages[0].seconds: must be a number", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("stages[1]: must be an object", fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"operations":[],"stages":[{"seconds":1,"rate":1}]}""", "operations: 1 to 64 are needed, found 0")]
    [InlineData("""{"operations":[{"method":"ping"}],"stages":[{"seconds":1}]}""", "stages[0]: give either rate or concurrency")]
    [InlineData("""{"operations":[{"method":"ping"}],"stages":[{"seconds":1,"rate":0}]}""", "stages: no stage has any load")]
    [InlineData("""{"operations":[{"method":"ping"}],"stages":[{"seconds":1,"rate":5},{"seconds":1,"concurrency":5}]}""", "stages[1]: all stages must have a rate, or all a concurrency")]
    [InlineData("""{"operations":[{"method":"ping"},{"method":"ping"}],"stages":[{"seconds":1,"rate":5}]}""", "operations[1].as: \"ping\" is empty or taken by another operation")]
    [InlineData("""{"operations":[{"method":"tools/call"}],"stages":[{"seconds":1,"rate":5}]}""", "operations[0].name: a tools/call needs the name of a tool")]
    [InlineData("""{"operations":[{"method":"tools/call","name":"a","arguments":[1]}],"stages":[{"seconds":1,"rate":5}]}""", "operations[0].arguments: must be a JSON object, found Array")]
    [InlineData("""{"operations":[{"method":"tools/call","name":"a","arguments":{"x":[{"$txt":1}]}}],"stages":[{"seconds":1,"rate":5}]}""", "operations[0].arguments.x[0]: \"$txt\" is no generator; there are $counter, $integer and $text")]
    [InlineData("""{"operations":[{"method":"tools/call","name":"a","arguments":{"x":{"$integer":{"from":5,"to":4}}}}],"stages":[{"seconds":1,"rate":5}]}""", "operations[0].arguments.x.$integer: from must not be more than to")]
    [InlineData("""{"operations":[{"method":"tools/call","name":"a","arguments":{"x":5},"expect":{"argument":"x"}}],"stages":[{"seconds":1,"rate":5}]}""", "operations[0].expect.argument: \"x\" is no text among the top-level arguments")]
    [InlineData("""{"operations":[{"method":"ping"}],"calls":{"from":3,"to":2},"stages":[{"seconds":1,"rate":5}]}""", "calls.to: calls.from to 10000, found 2")]
    public void Each_rule_is_checked(string json, string fault) => Assert.Equal([fault], WorkloadReader.Read(Encoding.UTF8.GetBytes(json)).Faults);

    [Fact]
    public void Comments_and_commas_too_many_may_stand_in_arguments_too()
    {
        var plain = Read(Whole);
        Assert.Equal(plain.Id, Read(Whole.Replace("{ \"message\":", "{ /* of any length */ \"message\":", StringComparison.Ordinal).Replace("\"length\": 8 }", "\"length\": 8, }", StringComparison.Ordinal)).Id);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.StartsWith(
        "a text that is none", Assert.Single(WorkloadReader.Read(Encoding.UTF8.GetBytes(Whole.Replace("\"mine\"", "\"\\ud83d\"", StringComparison.Ordinal))).Faults), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_JSON_is_refused() => Assert.StartsWith("no JSON", Assert.Single(WorkloadReader.Read("{"u8.ToArray()).Faults), StringComparison.Ordinal);

    [Fact]
    public void A_file_too_long_is_refused() => Assert.Contains("more than", Assert.Single(WorkloadReader.Read(new byte[WorkloadReader.MaxLength + 1]).Faults), StringComparison.Ordinal);

    [Fact]
    public void The_canonical_form_reads_back_as_the_same_workload()
    {
        foreach (var workload in WorkloadPresets.All.Append(Read(Whole)))
        {
            Assert.Empty(workload.Validate());
            var again = Read(Encoding.UTF8.GetString(WorkloadForm.Write(workload)));
            Assert.Equal(workload.Id, again.Id);
        }
    }

    [Fact]
    public void The_id_is_that_of_the_content()
    {
        var workload = Read(Whole);
        Assert.Equal(workload.Id, Read(Whole.Replace("\"length\": 8", "\"length\"  :8", StringComparison.Ordinal)).Id);
        Assert.Equal(workload.Id, (workload with { Description = "other words" }).Id);
        Assert.NotEqual(workload.Id, (workload with { Seed = 8 }).Id);
        Assert.NotEqual(workload.Id, Read(Whole.Replace("\"length\": 8", "\"length\": 9", StringComparison.Ordinal)).Id);
        Assert.Equal(WorkloadPresets.All.Count, WorkloadPresets.All.Select(preset => preset.Id).Distinct().Count());
    }

    [Fact]
    public void Generators_write_valid_arguments_and_the_same_from_the_same_seed()
    {
        const string Arguments = """{"n":{"$counter":{"from":5}},"deep":[{"i":{"$integer":{"from":1,"to":3}}}],"message":{"$text":{"from":0,"to":9}},"same":"é\n"}""";
        var faults = new List<string>();
        var template = ArgumentTemplate.Parse(Arguments, "message", "", faults)!;
        Assert.Empty(faults);
        Assert.False(template.IsConstant);
        var (one, other) = (Write(template, worker: 1), Write(template, worker: 1));
        Assert.Equal(one, other);
        for (var i = 0; i < one.Count; i++)
        {
            using var json = System.Text.Json.JsonDocument.Parse(one[i].Arguments);
            var root = json.RootElement;
            Assert.Equal(5 + 1 + (2 * i), root.GetProperty("n").GetInt32());
            Assert.InRange(root.GetProperty("deep")[0].GetProperty("i").GetInt32(), 1, 3);
            Assert.Equal(one[i].Expected, root.GetProperty("message").GetString());
            Assert.InRange(one[i].Expected.Length, 0, 9);
            Assert.Equal("é\n", root.GetProperty("same").GetString());
        }
    }

    private static List<(string Arguments, string Expected)> Write(ArgumentTemplate template, int worker)
    {
        var state = new ArgumentState(template.PieceCount, new Random(3), worker, workers: 2);
        using var writer = new PooledByteWriter();
        using var expected = new PooledByteWriter();
        var all = new List<(string, string)>();
        for (var i = 0; i < 20; i++)
        {
            writer.Clear();
            expected.Clear();
            template.Write(writer, state, expected);
            all.Add((Encoding.UTF8.GetString(writer.WrittenSpan), Encoding.UTF8.GetString(expected.WrittenSpan)));
        }

        return all;
    }

    private static Workload Read(string json)
    {
        var result = WorkloadReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Empty(result.Faults);
        return result.Workload!;
    }
}
