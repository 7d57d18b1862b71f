using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Completion;

/// <summary>Reads the parameters of <c>completion/complete</c>. The JSON was judged before.</summary>
internal ref struct CompletionParams
{
    /// <summary>The most arguments of the context that are kept; the others are passed over.</summary>
    internal const int MaxContext = 64;

    internal bool IsPrompt { get; private set; }

    /// <summary>The prompt's name, or the URI or template.</summary>
    internal string? Owner { get; private set; }

    internal string? Argument { get; private set; }

    internal string? Value { get; private set; }

    internal Dictionary<string, string> Context { get; private set; }

    /// <summary>Reads them.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Read(ReadOnlySpan<byte> raw)
    {
        Context = [];
        try
        {
            return ReadMembers(raw);
        }
        catch (InvalidOperationException)
        {
            // A name with half a character: JSON allows it, and it is no text.
            return "Invalid params: a name is no proper text";
        }
    }

    private string? ReadMembers(ReadOnlySpan<byte> raw)
    {
        using var document = raw.IsEmpty ? null : JsonDocument.Parse(raw.ToArray());
        if (document is null || !document.RootElement.TryGetProperty("ref", out var reference) || reference.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("argument", out var argument) || argument.ValueKind != JsonValueKind.Object)
        {
            return "Invalid params: \"ref\" and \"argument\" are required and must be objects";
        }

        var type = Text(reference, "type");
        IsPrompt = type == "ref/prompt";
        if (!IsPrompt && type != "ref/resource")
        {
            return "Invalid params: the type of \"ref\" must be \"ref/prompt\" or \"ref/resource\"";
        }

        Owner = Text(reference, IsPrompt ? "name" : "uri");
        Argument = Text(argument, "name");
        Value = Text(argument, "value");
        if (Owner is null || Argument is null || Value is null)
        {
            return Owner is null
                ? $"Invalid params: \"ref\" must have \"{(IsPrompt ? "name" : "uri")}\", a string"
                : "Invalid params: \"argument\" must have \"name\" and \"value\", both strings";
        }

        return ReadContext(document.RootElement);
    }

    private readonly string? ReadContext(JsonElement root)
    {
        if (!root.TryGetProperty("context", out var context))
        {
            return null;
        }

        if (context.ValueKind != JsonValueKind.Object)
        {
            return "Invalid params: \"context\" must be an object";
        }

        if (!context.TryGetProperty("arguments", out var arguments))
        {
            return null;
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return "Invalid params: the \"arguments\" of \"context\" must be an object of strings";
        }

        foreach (var known in arguments.EnumerateObject())
        {
            if (known.Value.ValueKind != JsonValueKind.String || !JsonText.TryGetString(Encoding.UTF8.GetBytes(known.Value.GetRawText()), out var value))
            {
                return "Invalid params: the \"arguments\" of \"context\" must be an object of strings";
            }

            if (Context.Count < MaxContext)
            {
                Context[known.Name] = value;
            }
        }

        return null;
    }

    // Null where it is missing, no string, or no proper text.
    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.String
        && JsonText.TryGetString(Encoding.UTF8.GetBytes(element.GetRawText()), out var text) ? text : null;
}
