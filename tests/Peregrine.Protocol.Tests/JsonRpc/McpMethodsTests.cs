using System.Text;
using System.Text.Json;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

public sealed class McpMethodsTests
{
    [Fact]
    public void Every_method_round_trips()
    {
        foreach (var method in Enum.GetValues<McpMethod>().Where(static m => m != McpMethod.Unknown))
        {
            var name = method.ToUtf8().ToArray();
            Assert.NotEmpty(name);
            Assert.Equal(method, McpMethods.Parse(name));
            Assert.Equal(McpMethod.Unknown, McpMethods.Parse([.. name, (byte)'x']));
            Assert.Equal(McpMethod.Unknown, McpMethods.Parse(name.AsSpan(0, name.Length - 1)));
            for (var i = 0; i < name.Length; i++)
            {
                var other = name.ToArray();
                other[i] ^= 0x20;
                Assert.Equal(McpMethod.Unknown, McpMethods.Parse(other));
            }
        }

        Assert.True(McpMethod.Unknown.ToUtf8().IsEmpty);
        Assert.Equal(McpMethod.Unknown, McpMethods.Parse([]));
    }

    [Fact]
    public void Every_method_of_every_revision_is_known()
    {
        foreach (var file in Directory.GetFiles(ExampleMessages.RequireSchemaFolder(), "schema.json", SearchOption.AllDirectories))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var names = new List<string>();
            Collect(document.RootElement, names);
            Assert.True(names.Count > 15, file);
            Assert.All(names, name => Assert.True(McpMethods.Parse(Encoding.UTF8.GetBytes(name)) != McpMethod.Unknown, $"{name} of {file}"));
        }
    }

    private static void Collect(JsonElement element, List<string> names)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
                && properties.TryGetProperty("method", out var method) && method.TryGetProperty("const", out var name))
            {
                names.Add(name.GetString()!);
            }

            foreach (var property in element.EnumerateObject())
            {
                Collect(property.Value, names);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, names);
            }
        }
    }
}
