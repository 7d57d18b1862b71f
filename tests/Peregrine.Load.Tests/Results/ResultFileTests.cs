using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Load.Comparing;
using Peregrine.Load.Results;
using Peregrine.Load.Tests.Comparing;

namespace Peregrine.Load.Tests.Results;

public sealed class ResultFileTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        var result = MadeResults.Of(1000, 1_000_000, failed: 3);
        Assert.Equal(result.Response, Assert.Single(ResultFile.ReadMany(ResultFile.WriteMany([result]), out _)).Response);
        Assert.Equal(result.Series, ResultFile.Read(ResultFile.Write(result), out _)!.Series);
    }

    [Theory]
    [InlineData("target", "{}")]
    [InlineData("target", "null")]
    [InlineData("operations", "[null]")]
    [InlineData("series", "[null]")]
    [InlineData("resources", "{\"processId\":1,\"absent\":null,\"samples\":[null]}")]
    [InlineData("errorExamples", "[null]")]
    [InlineData("commandLine", "[null]")]
    [InlineData("errors", "{\"Status\":9223372036854775807,\"Timeout\":9223372036854775807}")]
    [InlineData("unit", "\"ms\"")]
    public void A_result_that_cannot_be_relied_on_is_told_and_nothing_else_happens(string member, string value)
    {
        var json = JsonNode.Parse(ResultFile.Write(MadeResults.Of(1000, 1_000_000)))!;
        json[member] = JsonNode.Parse(value);
        ResultFile.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), out var faults);
        Assert.NotEmpty(faults);
        ResultFile.ReadMany(Encoding.UTF8.GetBytes($"[{json.ToJsonString()}]"), out faults);
        Assert.NotEmpty(faults);
    }

    [Theory]
    [InlineData("[null]", "[0] is null")]
    [InlineData("[]", "the list holds no result")]
    [InlineData("null", "the result is null")]
    [InlineData("[", "no results")]
    public void What_is_no_result_is_told(string json, string fault)
    {
        ResultFile.ReadMany(Encoding.UTF8.GetBytes(json), out var faults);
        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("launches", "[null]")]
    [InlineData("launches", "[[null]]")]
    [InlineData("launches", "[[{}]]")]
    [InlineData("launches", "[]")]
    [InlineData("workload", "{}")]
    [InlineData("kind", "\"others\"")]
    public void A_series_that_cannot_be_relied_on_is_told_and_nothing_else_happens(string member, string value)
    {
        var json = JsonNode.Parse(PairSeriesFile.Write(MadeSeries.Of(new Random(1), 2, 2, 1, 0, 0)))!;
        json[member] = JsonNode.Parse(value);
        Assert.Null(PairSeriesFile.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), out var faults));
        Assert.NotEmpty(faults);
    }
}
