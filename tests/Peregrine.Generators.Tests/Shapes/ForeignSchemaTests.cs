using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Shapes;

/// <summary>The schemas of types that generated code leaves to System.Text.Json: what it says of them, at the place where they stand.</summary>
public sealed class ForeignSchemaTests
{
    private static readonly ToolServer Server = ToolServer.Of(Peregrine.Server.PeregrineServer.CreateBuilder("test", "1.0").AddTools(typeof(ForeignTools)).Build());

    private static readonly Chart Chart = new(
        new Version(1, 2), new Tree { Name = "a", Children = [new() { Name = "b" }] }, new Queue<int>([1, 2]), new() { [3] = "c" }, new System.Drawing.Point(1, 2), null, AttributeTargets.Class, new Money(1, "EUR"));

    public static TheoryData<string, string, string?> Values => new()
    {
        { "since", "\"2.0\"", "12" },
        { "root", "null", "[]" },
        { "root", """{"name":"x","more":1}""", """{"children":[]}""" },
        { "root", """{"name":"x","children":[{"name":"y"}]}""", """{"name":"x","children":[{"name":1}]}""" },
        { "numbers", "[4]", """["x"]""" },
        { "names", """{"5":"d"}""", """{"5":6}""" },
        { "place", """{"x":1,"y":2}""", """{"x":"left"}""" },
        { "other", "null", "true" },
        { "other", """{"x":1}""", """{"x":[]}""" },
        { "flags", "4", "true" },
        { "price", "\"1 EUR\"", null },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Schema_takes_what_is_right_and_refuses_what_is_wrong(string member, string right, string? wrong)
    {
        var schema = JsonSchema.JsonSchema.Compile(Encoding.UTF8.GetBytes(Server.Schema("draw")));
        Assert.True(schema.IsValid(With(member, right)), schema.Validate(With(member, right)).ToString());
        Assert.False(wrong is not null && schema.IsValid(With(member, wrong)), $"{member} takes {wrong}: {Server.Property("draw", "chart").GetProperty("properties").GetProperty(member)}");
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Tool_takes_what_the_schema_takes(string member, string right, string? wrong)
    {
        var reply = await Server.CallAsync("draw", Encoding.UTF8.GetString(With(member, right)));
        Assert.False(reply.IsError, reply.Text);
        if (wrong is not null)
        {
            await Server.RefusalAsync("draw", Encoding.UTF8.GetString(With(member, wrong)));
        }
    }

    [Theory]
    [InlineData("root", """{"name":"root","children":[{"name":"leaf","children":[]}]}""", true)]
    [InlineData("draw", "", true)]
    [InlineData("forest", """{"a/b":{"name":"root","children":[{"name":"leaf","children":[]}]}}""", true)]
    [InlineData("perhaps", null, false)]
    [InlineData("latest", "\"1.2\"", false)]
    public async Task Result_that_is_always_an_object_has_a_schema_and_keeps_to_it(string tool, string? text, bool hasSchema)
    {
        var output = Server.Server.Tools.Single(found => found.Name == tool).OutputSchema;
        var reply = await Server.CallAsync(tool, tool == "draw" ? Encoding.UTF8.GetString(With("since", "\"1.2\"")) : "{}");
        Assert.False(reply.IsError, reply.Text);
        Assert.Equal(hasSchema, !output.IsEmpty);
        Assert.Equal(hasSchema, reply.Message.GetProperty("result").TryGetProperty("structuredContent", out var structured));
        if (hasSchema)
        {
            var schema = JsonSchema.JsonSchema.Compile(output);
            Assert.True(schema.IsValid(Encoding.UTF8.GetBytes(structured.GetRawText())), $"{structured}\n{Encoding.UTF8.GetString(output.Span)}");
            Assert.False(schema.IsValid("""{"a/b":[],"name":[],"since":[]}"""u8));
        }

        if (text != "")
        {
            Assert.Equal(text, reply.Text);
        }
    }

    [Fact]
    public void What_the_tool_says_goes_before_what_the_type_says()
    {
        Assert.Equal(
            """{"description":"Where to begin.","type":"object","properties":{"name":{"description":"What it is called.","type":"string"},"children":{"type":"array","items":{"$ref":"#/properties/tree"}}},"required":["name"]}""",
            Server.Property("plant", "tree").GetRawText());
        Assert.Equal(
            """{"description":"A node and those below it.","type":["object","null"],"properties":{"name":{"description":"What it is called.","type":"string"},"children":{"type":"array","items":{"$ref":"#/properties/other"}}},"required":["name"],"default":null}""",
            Server.Property("plant", "other").GetRawText());
    }

    private static byte[] With(string member, string value)
    {
        var chart = JsonSerializer.SerializeToNode(Chart, JsonSerializerOptions.Web)!.AsObject();
        chart[member] = JsonNode.Parse(value);
        return Encoding.UTF8.GetBytes(new JsonObject { ["chart"] = chart }.ToJsonString());
    }
}
