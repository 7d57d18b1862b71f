using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Clients;

/// <summary>What a client said it can do: with <c>initialize</c> in the session era, with every request in the stateless era. Immutable; one instance for equal bytes.</summary>
public sealed class McpClientCapabilities
{
    private readonly byte[] _json;
    private volatile Features _features;

    private McpClientCapabilities(byte[] json, Features features)
    {
        _json = json;
        _features = features;
    }

    [Flags]
    private enum Features : ushort
    {
        None = 0,
        Roots = 1,
        RootsListChanged = 2,
        Sampling = 4,
        SamplingTools = 8,
        SamplingContext = 16,
        ElicitationForm = 32,
        ElicitationUrl = 64,
        Unread = 128,
    }

    /// <summary>A client that declared nothing.</summary>
    public static McpClientCapabilities None { get; } = new("{}"u8.ToArray(), Features.None);

    /// <summary>The raw JSON object, as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>It answers <c>roots/list</c>.</summary>
    public bool Roots => (Has & Features.Roots) != 0;

    /// <summary>It says when its roots change (session era).</summary>
    public bool RootsListChanged => (Has & Features.RootsListChanged) != 0;

    /// <summary>It answers <c>sampling/createMessage</c>.</summary>
    public bool Sampling => (Has & Features.Sampling) != 0;

    /// <summary>It takes tools with <c>sampling/createMessage</c> (2025-11-25 and later).</summary>
    public bool SamplingTools => (Has & Features.SamplingTools) != 0;

    /// <summary>It adds context of servers to <c>sampling/createMessage</c>.</summary>
    public bool SamplingContext => (Has & Features.SamplingContext) != 0;

    /// <summary>It shows forms for <c>elicitation/create</c>. An empty <c>elicitation</c> object means forms (2025-06-18 and later).</summary>
    public bool ElicitationForm => (Has & Features.ElicitationForm) != 0;

    /// <summary>It opens addresses for <c>elicitation/create</c> in mode <c>url</c> (2025-11-25 and later).</summary>
    public bool ElicitationUrl => (Has & Features.ElicitationUrl) != 0;

    // Two threads may both read it, and find the same.
    private Features Has => _features == Features.Unread ? _features = Read(_json) : _features;

    /// <summary>Takes a raw JSON value, which is read when somebody wants to know: none where it is no object. Members that are unknown or mistyped are passed over.</summary>
    /// <param name="json">Well-formed JSON; copied.</param>
    internal static McpClientCapabilities Parse(ReadOnlySpan<byte> json) => JsonText.IsObject(json) ? new McpClientCapabilities(json.ToArray(), Features.Unread) : None;

    private static Features Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadMembers(json);
        }
        catch (JsonException)
        {
            // What a store of sessions gives back is whatever it is.
            return Features.None;
        }
    }

    private static Features ReadMembers(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var found = Features.None;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.TokenEquals(reader, "roots"u8))
            {
                found |= ReadMember(ref reader, Features.Roots, static name => name == "listChanged" ? Features.RootsListChanged : Features.None, Features.None);
            }
            else if (JsonText.TokenEquals(reader, "sampling"u8))
            {
                found |= ReadMember(ref reader, Features.Sampling,
                    static name => name switch { "tools" => Features.SamplingTools, "context" => Features.SamplingContext, _ => Features.None }, Features.None);
            }
            else if (JsonText.TokenEquals(reader, "elicitation"u8))
            {
                found |= ReadMember(ref reader, Features.None,
                    static name => name switch { "form" => Features.ElicitationForm, "url" => Features.ElicitationUrl, _ => Features.None }, Features.ElicitationForm);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return found;
    }

    // An object declares the capability; a member of it that is an object or true declares a part of it; an object without known members means the default part.
    private static Features ReadMember(ref Utf8JsonReader reader, Features whole, Func<string, Features> part, Features partOfEmpty)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return Features.None;
        }

        var parts = Features.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var declared = JsonText.TryGetTokenString(reader, out var name) ? part(name) : Features.None;
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.True)
            {
                parts |= declared;
            }

            reader.Skip();
        }

        return whole | (parts == Features.None ? partOfEmpty : parts);
    }
}
