using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Server.Content;

namespace Peregrine.Server.Binding;

// JSON as it is, and types that System.Text.Json reads.
public ref partial struct ToolArguments
{
    /// <summary>Reads any value; call <see cref="Read(string, ref bool)"/> first. The element owns its memory.</summary>
    public JsonElement GetJsonElement(string name)
    {
        try
        {
            return JsonElement.ParseValue(ref _reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Fail(name, $"is not valid: {exception.Message}");
            return default;
        }
    }

    /// <summary>Reads any value but null; call <see cref="Read(string, ref bool)"/> first.</summary>
    public JsonNode GetJsonNode(string name)
    {
        if (_reader.TokenType != JsonTokenType.Null)
        {
            var element = GetJsonElement(name);
            return element.ValueKind switch
            {
                JsonValueKind.Object => JsonObject.Create(element)!,
                JsonValueKind.Array => JsonArray.Create(element)!,
                JsonValueKind.Undefined => null!,
                _ => JsonValue.Create(element)!,
            };
        }

        return WrongType<JsonNode>(name, "any value but null", null!);
    }

    /// <summary>Reads an object; call <see cref="Read(string, ref bool)"/> first.</summary>
    public JsonObject GetJsonObject(string name) => BeginObject(name) ? JsonObject.Create(GetJsonElement(name))! : null!;

    /// <summary>Reads an array; call <see cref="Read(string, ref bool)"/> first.</summary>
    public JsonArray GetJsonArray(string name) => BeginArray(name) ? JsonArray.Create(GetJsonElement(name))! : null!;

    /// <summary>Copies any value as it is; call <see cref="Read(string, ref bool)"/> first.</summary>
    public Utf8Json GetRaw(string name)
    {
        _ = name;
        return Utf8Json.Parse(TakeValue());
    }

    /// <summary>Reads a value by System.Text.Json; call <see cref="Read(string, ref bool)"/> first.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="declared">Where the type is declared; what the server was given with <c>WithJson</c> goes before it.</param>
    public T GetJson<T>(string name, JsonSerializerContext declared)
    {
        var type = JsonTypes.Find<T>(_context, declared);
        var value = TakeValue();
        try
        {
            return JsonSerializer.Deserialize(value, type)!;
        }
        catch (JsonException exception)
        {
            // The text names the place within the value, and no part of it.
            Fail(name, $"is not valid: {exception.Message}");
            return default!;
        }
    }

    private ReadOnlySpan<byte> TakeValue()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }
}
