using System.Text.Json;
using Peregrine.Protocol.Text;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>What a client wants to hear of: <c>params.notifications</c> of <c>subscriptions/listen</c> (2026-07-28, subscriptions). Members that no revision defines are passed over.</summary>
internal readonly record struct ListenFilter(RegistryChange Lists, List<string> Uris)
{
    /// <summary>Reads a filter.</summary>
    /// <param name="parameters">The raw <c>params</c>, judged before; empty where there are none.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="filter">The filter, with each URI once.</param>
    /// <returns>What is wrong, or null.</returns>
    internal static string? Read(ReadOnlySpan<byte> parameters, SubscriptionOptions options, out ListenFilter filter)
    {
        filter = new ListenFilter(RegistryChange.None, []);
        var reader = new Utf8JsonReader(parameters.IsEmpty ? "{}"u8 : parameters);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFilter = JsonText.TokenEquals(reader, "notifications"u8);
            reader.Read();
            if (!isFilter)
            {
                reader.Skip();
                continue;
            }

            return reader.TokenType == JsonTokenType.StartObject ? ReadMembers(ref reader, parameters, options, ref filter) : Required;
        }

        return Required;
    }

    private static string Required => "\"notifications\" is required and must be an object that says what to be notified of";

    private static string? ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> parameters, SubscriptionOptions options, ref ListenFilter filter)
    {
        var seen = RegistryChange.None;
        var seenUris = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? fault;
            if (ListOf(in reader, out var name) is var list && list != RegistryChange.None)
            {
                fault = (seen & list) != 0 ? Twice(name) : ReadFlag(ref reader, name, list, ref filter);
                seen |= list;
            }
            else if (JsonText.TokenEquals(reader, "resourceSubscriptions"u8))
            {
                fault = seenUris ? Twice("resourceSubscriptions") : ReadUris(ref reader, parameters, options, filter.Uris);
                seenUris = true;
            }
            else
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static RegistryChange ListOf(in Utf8JsonReader reader, out string name)
    {
        var list = JsonText.TokenEquals(reader, "toolsListChanged"u8) ? RegistryChange.Tools
            : JsonText.TokenEquals(reader, "promptsListChanged"u8) ? RegistryChange.Prompts
            : JsonText.TokenEquals(reader, "resourcesListChanged"u8) ? RegistryChange.Resources
            : RegistryChange.None;
        name = list switch
        {
            RegistryChange.Tools => "toolsListChanged",
            RegistryChange.Prompts => "promptsListChanged",
            _ => "resourcesListChanged",
        };
        return list;
    }

    private static string? ReadFlag(ref Utf8JsonReader reader, string name, RegistryChange list, ref ListenFilter filter)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
                filter = filter with { Lists = filter.Lists | list };
                return null;
            case JsonTokenType.False:
                return null;
            default:
                return $"\"notifications.{name}\" must be true or false";
        }
    }

    private static string? ReadUris(ref Utf8JsonReader reader, ReadOnlySpan<byte> parameters, SubscriptionOptions options, List<string> uris)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "\"notifications.resourceSubscriptions\" must be an array of URIs";
        }

        HashSet<string> different = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.Skip();
            }

            if (JudgeUri(parameters[start..(int)reader.BytesConsumed], options, out var uri) is { } fault)
            {
                return $"\"notifications.resourceSubscriptions\" {fault}";
            }

            if (!different.Add(uri))
            {
                continue;
            }

            if (different.Count > options.MaxResourcesPerStream)
            {
                return $"\"notifications.resourceSubscriptions\" has more than {options.MaxResourcesPerStream} URIs, the limit of this server; open several streams, or subscribe to fewer";
            }

            uris.Add(uri);
        }

        return null;
    }

    /// <summary>Reads one raw URI.</summary>
    /// <returns>What is wrong, to go behind the name of the member, or null.</returns>
    internal static string? JudgeUri(ReadOnlySpan<byte> raw, SubscriptionOptions options, out string uri)
    {
        uri = "";

        // An escape takes six bytes for one character at most; what is longer is not worth unescaping.
        if (raw.Length > (options.MaxUriLength * 6) + 2 || !JsonText.TryGetString(raw, out var text))
        {
            return JsonText.IsString(raw) ? $"must have URIs of at most {options.MaxUriLength} characters of well-formed text" : "must have texts, each a URI";
        }

        uri = text;
        return text.Length == 0 ? "must not have an empty URI"
            : text.Length > options.MaxUriLength ? $"must have URIs of at most {options.MaxUriLength} characters of well-formed text"
            : null;
    }

    private static string Twice(string name) => $"\"notifications.{name}\" is given twice";
}
