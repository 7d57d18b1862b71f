using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peregrine.Generators.Tests.Matrix;
using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Shapes;

/// <summary>
/// Compares what generated code reads and writes with System.Text.Json: valid values of every shape, and each of them with every part replaced by something else, left out or doubled. The two must agree on what is
/// refused, and on what becomes of the rest.
/// </summary>
public sealed class DifferentialTests
{
    private static readonly ToolServer Server = ToolServer.Of<EchoShapes>();

    // What generated code promises: web defaults, but names and numbers are what the schema says, and what a type says of null and of constructors counts.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new AbsoluteUris() },
    };

    private static readonly string[] Replacements = ["null", "true", "\"text\"", "12", "-1.5", "[]", "{}"];

    public static TheoryData<string> Shapes => [.. Values().Select(static value => value.Tool).Distinct()];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Both_agree_on_values_of_this_shape(string tool)
    {
        foreach (var (_, type, value) in Values().Where(value => value.Tool == tool))
        {
            await CompareAsync(tool, type, JsonSerializer.Serialize(value, type, Options), mustBeTaken: true);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Both_agree_on_faulty_values_of_this_shape(string tool)
    {
        var (taken, refused) = (0, 0);
        foreach (var (_, type, value) in Values().Where(value => value.Tool == tool))
        {
            foreach (var json in Mutations(JsonSerializer.SerializeToNode(value, type, Options)!))
            {
                _ = await CompareAsync(tool, type, json, mustBeTaken: false) ? taken++ : refused++;
            }
        }

        // Else the values would show nothing.
        Assert.True(taken > 0 && refused > 0, $"{taken} were taken and {refused} refused");
    }

    [Theory]
    [InlineData("{\"value\":{\"all\":[{\"kind\":\"\\ud800\"}]}}", "Argument \"value.all[0].kind\" must be one of \"round\", ")]
    [InlineData("{\"value\":{\"all\":[{\"\\ud800\":1,\"kind\":\"circle\"}]}}", "Argument \"value.all[0]\" has a member whose name is not valid text (an escape for a lone surrogate).")]
    [InlineData("{\"value\":{\"\\ud800\":1}}", "Argument \"value\" has a member whose name is not valid text (an escape for a lone surrogate).")]
    [InlineData("{\"\\ud800\":1}", "The object of arguments has a member whose name is not valid text (an escape for a lone surrogate).")]
    public async Task Half_a_character_is_refused_in_words(string arguments, string message) =>
        Assert.StartsWith(message, await Server.RefusalAsync(nameof(Figures), arguments), StringComparison.Ordinal);

    private static async Task<bool> CompareAsync(string tool, Type type, string json, bool mustBeTaken)
    {
        string? expected = null;
        try
        {
            expected = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type, Options), type, Options);
        }
        catch (Exception exception) when (!mustBeTaken && exception is JsonException or NotSupportedException)
        {
            // Refused.
        }

        var reply = await Server.CallAsync(tool, $$"""{"value":{{json}}}""");
        Assert.True(reply.IsError == (expected is null), $"{json}\nSystem.Text.Json: {expected ?? "refused"}\ngenerated code: {reply.Text}");
        if (expected is not null)
        {
            Assert.True(Same(expected, reply.Text!), $"{json}\nSystem.Text.Json: {expected}\ngenerated code: {reply.Text}");
            Assert.True(Same(expected, reply.Message.GetProperty("result").GetProperty("structuredContent").GetRawText()), reply.Text);
        }

        return expected is not null;
    }

    private static bool Same(string left, string right)
    {
        using var one = JsonDocument.Parse(left);
        using var other = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(one.RootElement, other.RootElement);
    }

    /// <summary>The value with one part at a time replaced or left out, or with one more.</summary>
    private static IEnumerable<string> Mutations(JsonNode root)
    {
        foreach (var path in PathsOf(root, []))
        {
            foreach (var replacement in Replacements)
            {
                // System.Text.Json does not know what elements say of null.
                if (replacement == "null" && (path[^1] is int or "best" || IsEntry(path)))
                {
                    continue;
                }

                var copy = root.DeepClone();
                Set(copy, path, JsonNode.Parse(replacement));
                yield return copy.ToJsonString();
            }

            // Nor what is missing of a struct that nothing made.
            if (path[^1] is string and not "best")
            {
                var copy = root.DeepClone();
                Remove(copy, path);
                yield return copy.ToJsonString();
            }
        }

        var more = root.DeepClone();
        more.AsObject().Add("nobody takes it", JsonNode.Parse("[1,{\"a\":[]}]"));
        yield return more.ToJsonString();
        var (name, first) = root.AsObject().First();
        yield return $"{root.ToJsonString()[..^1]},{JsonSerializer.Serialize(name)}:{first?.ToJsonString() ?? "null"}}}";
    }

    private static bool IsEntry(object[] path) => path.Length > 1 && (path[^2] is "dictionary" or "iDictionary" or "iReadOnlyDictionary" || path.Contains("deep"));

    private static IEnumerable<object[]> PathsOf(JsonNode? node, object[] path)
    {
        if (path.Length > 0)
        {
            yield return path;
        }

        IEnumerable<(object Step, JsonNode? Part)> parts = node switch
        {
            JsonObject members => members.Select(static pair => ((object)pair.Key, pair.Value)),
            JsonArray items => items.Select(static (item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var found in parts.SelectMany(part => PathsOf(part.Part, [.. path, part.Step])))
        {
            yield return found;
        }
    }

    private static JsonNode ParentOf(JsonNode root, object[] path) => path[..^1].Aggregate(root, static (node, step) => (step is int i ? node[i] : node[(string)step])!);

    private static void Set(JsonNode root, object[] path, JsonNode? value)
    {
        var parent = ParentOf(root, path);
        if (path[^1] is int i)
        {
            parent[i] = value;
        }
        else
        {
            parent[(string)path[^1]] = value;
        }
    }

    private static void Remove(JsonNode root, object[] path) => ParentOf(root, path).AsObject().Remove((string)path[^1]);

    private static IEnumerable<(string Tool, Type Type, object Value)> Values() => SampleValues.All.Select(static value =>
        (value.GetType().IsGenericType ? "Page" : value.GetType().Name, value.GetType(), value));

    private sealed class AbsoluteUris : JsonConverter<Uri>
    {
        public override Uri? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Uri.TryCreate(reader.GetString(), UriKind.Absolute, out var uri) ? uri : throw new JsonException("Not an absolute URI.");

        public override void Write(Utf8JsonWriter writer, Uri value, JsonSerializerOptions options) => writer.WriteStringValue(value.OriginalString);
    }
}
