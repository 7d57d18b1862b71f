using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>
/// What <see cref="EnvelopeReader"/> must answer, worked out the slow and plain way on <see cref="JsonDocument"/>: the yardstick of the property tests.
/// </summary>
internal sealed class ReferenceEnvelope
{
    private const string MetaPrefix = "io.modelcontextprotocol/";

    private readonly byte[] _message;
    private readonly Dictionary<string, JsonRange> _ranges = [];

    private ReferenceEnvelope(byte[] message) => _message = message;

    public EnvelopeError Fault { get; private set; }

    public MessageKind Kind { get; private set; }

    public McpMethod Method { get; private set; }

    public static ReferenceEnvelope Read(byte[] message)
    {
        var reference = new ReferenceEnvelope(message);
        reference.Fault = reference.Judge();
        if (reference.Fault != EnvelopeError.None)
        {
            reference.Kind = MessageKind.Invalid;
        }

        return reference;
    }

    /// <summary>The range of a member: "id", "params", "params.name", "_meta.progressToken" and so on.</summary>
    public JsonRange this[string path] => _ranges.GetValueOrDefault(path);

    private EnvelopeError Judge()
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(_message);
        }
        catch (DecoderFallbackException)
        {
            return EnvelopeError.InvalidUtf8;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(_message);
        }
        catch (JsonException)
        {
            return JudgeSyntax();
        }

        using (document)
        {
            return JudgeDocument(document.RootElement);
        }
    }

    private EnvelopeError JudgeSyntax()
    {
        var at64 = FirstFault(64);
        if (at64 is null)
        {
            return EnvelopeError.Truncated;
        }

        // Too deep where a reader that may go deeper gets past the place.
        var at1000 = FirstFault(1000);
        return at1000 is null || at1000 > at64 ? EnvelopeError.TooDeep : EnvelopeError.InvalidJson;
    }

    // The tokens read before the fault; null where the reader merely wants more bytes.
    private int? FirstFault(int maxDepth)
    {
        var reader = new Utf8JsonReader(_message, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth }));
        var tokens = 0;
        try
        {
            while (reader.Read())
            {
                tokens++;
            }

            return null;
        }
        catch (JsonException)
        {
            return tokens;
        }
    }

    private EnvelopeError JudgeDocument(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return root.ValueKind == JsonValueKind.Array ? EnvelopeError.Batch : EnvelopeError.NotAnObject;
        }

        var fault = EnvelopeError.None;
        Take(root, "", ["jsonrpc", "id", "method", "params", "result", "error"], ref fault);
        var version = Get("jsonrpc");
        if (version?.ValueKind != JsonValueKind.String || Text(version.Value) != "2.0")
        {
            Note(ref fault, EnvelopeError.InvalidVersion);
        }

        if (Get("error") is not null && Get("method") is null && Get("id")?.ValueKind == JsonValueKind.Null)
        {
            _ranges.Remove("id");
        }

        if (Get("id") is { } id && JudgeId(id) is var idFault && idFault != EnvelopeError.None)
        {
            Note(ref fault, idFault);
            _ranges.Remove("id");
            return fault;
        }

        JudgeKind(ref fault);
        return fault;
    }

    private void JudgeKind(ref EnvelopeError fault)
    {
        var (method, result, error, id) = (Get("method"), Get("result"), Get("error"), Get("id"));
        if (method is null)
        {
            Kind = (result, error, id) switch
            {
                (not null, null, not null) => MessageKind.Response,
                (null, not null, _) => MessageKind.Error,
                _ => MessageKind.Invalid,
            };
            if (Kind == MessageKind.Invalid)
            {
                Note(ref fault, EnvelopeError.NoKind);
            }

            return;
        }

        Kind = id is null ? MessageKind.Notification : MessageKind.Request;
        if (result is not null || error is not null)
        {
            Note(ref fault, EnvelopeError.NoKind);
        }

        if (method.Value.ValueKind != JsonValueKind.String)
        {
            Note(ref fault, EnvelopeError.InvalidMethod);
        }
        else if (Text(method.Value) is { } name)
        {
            Method = Enum.GetValues<McpMethod>().FirstOrDefault(m => m != McpMethod.Unknown && Encoding.UTF8.GetString(m.ToUtf8()) == name);
        }

        if (Get("params") is { ValueKind: not JsonValueKind.Object })
        {
            Note(ref fault, EnvelopeError.InvalidParams);
        }

        if (Get("params._meta") is { ValueKind: not JsonValueKind.Object })
        {
            Note(ref fault, EnvelopeError.InvalidMeta);
        }
    }

    private readonly Dictionary<string, JsonElement> _elements = [];

    private JsonElement? Get(string path) => _elements.TryGetValue(path, out var element) && _ranges.ContainsKey(path) ? element : null;

    private void Take(JsonElement value, string prefix, string[] known, ref EnvelopeError fault)
    {
        var seen = new HashSet<string>();
        foreach (var property in value.EnumerateObject())
        {
            var name = CodeUnits(JsonMarshal.GetRawUtf8PropertyName(property));
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                if (prefix.Length == 0 && name == "params")
                {
                    Take(property.Value, "params.", ["name", "uri", "cursor", "taskId", "arguments", "requestId", "protocolVersion", "progressToken", "_meta"], ref fault);
                }
                else if (prefix == "params." && name == "_meta")
                {
                    Take(property.Value, "_meta.", ["progressToken", MetaPrefix + "protocolVersion", MetaPrefix + "clientInfo", MetaPrefix + "clientCapabilities", MetaPrefix + "logLevel"], ref fault);
                }
            }

            if (!seen.Add(name))
            {
                Note(ref fault, EnvelopeError.DuplicateMember);
                if (prefix.Length == 0 && name == "id")
                {
                    _ranges.Remove("id");
                }
            }
            else if (known.Contains(name))
            {
                _ranges[prefix + name] = RangeOf(property.Value);
                _elements[prefix + name] = property.Value;
            }
        }
    }

    private JsonRange RangeOf(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var start = (int)Unsafe.ByteOffset(ref _message[0], ref MemoryMarshal.GetReference(raw));
        return new JsonRange(start, raw.Length);
    }

    private static EnvelopeError JudgeId(JsonElement id)
    {
        var raw = id.GetRawText();
        if (id.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False
            && Encoding.UTF8.GetByteCount(raw) > EnvelopeReader.MaxIdLength)
        {
            return EnvelopeError.IdTooLong;
        }

        return id.ValueKind == JsonValueKind.String || (id.ValueKind == JsonValueKind.Number && !raw.Contains('.') && !raw.Contains('e') && !raw.Contains('E'))
            ? EnvelopeError.None
            : EnvelopeError.InvalidId;
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate
        }
    }

    // A raw name as UTF-16, lone surrogates included.
    private static string CodeUnits(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                result.Append((char)Convert.ToUInt16(text.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                result.Append("\"\\/\b\f\n\r\t"["\"\\/bfnrt".IndexOf(text[i], StringComparison.Ordinal)]);
            }
        }

        return result.ToString();
    }

    private static void Note(ref EnvelopeError fault, EnvelopeError found)
    {
        if (fault == EnvelopeError.None)
        {
            fault = found;
        }
    }
}
