using System.Buffers;
using System.Text.Json;

namespace Peregrine.Load.Workloads;

/// <summary>Cuts arguments into constant bytes and generators. One use.</summary>
internal sealed class ArgumentReader(string? expectedArgument, string place, List<string> faults)
{
    private const int MaxTextLength = 16 * 1024 * 1024;
    private const int MaxDepth = 32;

    private readonly List<ArgumentPiece> _pieces = [];
    private readonly ArrayBufferWriter<byte> _constant = new();

    /// <summary>Which piece is the expected argument's value; -1 where there is none.</summary>
    internal int ExpectedPiece { get; private set; } = -1;

    /// <summary>The expected argument's value where it is constant.</summary>
    internal string? ConstantExpectation { get; private set; }

    internal ArgumentPiece[] Read(JsonElement arguments)
    {
        WriteObject(arguments, place, depth: 0);
        EndConstant();
        return [.. _pieces];
    }

    private void WriteObject(JsonElement value, string at, int depth)
    {
        if (depth > MaxDepth)
        {
            faults.Add($"{at}: nested deeper than {MaxDepth}");
            return;
        }

        var first = true;
        WriteConstant("{");
        foreach (var member in value.EnumerateObject())
        {
            WriteConstant(first ? "" : ",");
            WriteConstant(JsonSerializer.Serialize(member.Name, WorkloadJson.Default.String));
            WriteConstant(":");
            first = false;
            var isExpected = depth == 0 && member.Name == expectedArgument;
            WriteValue(member.Value, $"{at}.{member.Name}", depth + 1, isExpected);
        }

        WriteConstant("}");
    }

    private void WriteValue(JsonElement value, string at, int depth, bool isExpected)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when Generator(value) is { } generator:
                WriteGenerator(generator, at, isExpected);
                break;
            case JsonValueKind.Object:
                WriteObject(value, at, depth);
                break;
            case JsonValueKind.Array:
                WriteArray(value, at, depth);
                break;
            default:
                if (isExpected && value.ValueKind == JsonValueKind.String)
                {
                    ConstantExpectation = value.GetString();
                    ExpectedPiece = 0;
                }

                WriteConstant(value.GetRawText());
                break;
        }
    }

    private void WriteArray(JsonElement value, string at, int depth)
    {
        var index = 0;
        WriteConstant("[");
        foreach (var item in value.EnumerateArray())
        {
            WriteConstant(index == 0 ? "" : ",");
            WriteValue(item, $"{at}[{index++}]", depth + 1, isExpected: false);
        }

        WriteConstant("]");
    }

    private static JsonProperty? Generator(JsonElement value)
    {
        using var members = value.EnumerateObject();
        return members.MoveNext() && members.Current.Name.StartsWith('$') ? members.Current : null;
    }

    private void WriteGenerator(JsonProperty generator, string at, bool isExpected)
    {
        var piece = generator.Name switch
        {
            "$counter" => ReadCounter(generator.Value, at),
            "$integer" => ReadInteger(generator.Value, at),
            "$text" => ReadText(generator.Value, at),
            _ => Refuse($"{at}: \"{generator.Name}\" is no generator; there are $counter, $integer and $text"),
        };
        if (piece is null)
        {
            return;
        }

        EndConstant();
        if (isExpected && piece.Kind == ArgumentPieceKind.Text)
        {
            ExpectedPiece = _pieces.Count;
        }

        _pieces.Add(piece);
    }

    private ArgumentPiece? ReadCounter(JsonElement settings, string at) =>
        TryGet(settings, "from", 0, at, out var from) ? new ArgumentPiece(ArgumentPieceKind.Counter, [], from) : null;

    private ArgumentPiece? ReadInteger(JsonElement settings, string at)
    {
        if (!TryGet(settings, "from", 0, at, out var from) || !TryGet(settings, "to", null, at, out var to))
        {
            return null;
        }

        return from <= to && to < long.MaxValue
            ? new ArgumentPiece(ArgumentPieceKind.Integer, [], from, to)
            : Refuse($"{at}.$integer: from must not be more than to");
    }

    private ArgumentPiece? ReadText(JsonElement settings, string at)
    {
        if (!TryGet(settings, "length", -1, at, out var length)
            || !TryGet(settings, "from", length, at, out var from)
            || !TryGet(settings, "to", length, at, out var to))
        {
            return null;
        }

        return from >= 0 && from <= to && to <= MaxTextLength
            ? new ArgumentPiece(ArgumentPieceKind.Text, [], from, to)
            : Refuse($"{at}.$text: give length, or from and to: 0 to {MaxTextLength} bytes");
    }

    private bool TryGet(JsonElement settings, string name, long? otherwise, string at, out long value)
    {
        value = otherwise ?? 0;
        if (settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var given))
        {
            if (given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out value))
            {
                return true;
            }
        }
        else if (settings.ValueKind == JsonValueKind.Object && otherwise is not null)
        {
            return true;
        }

        faults.Add($"{at}: the generator takes an object in which \"{name}\" is a whole number");
        return false;
    }

    private ArgumentPiece? Refuse(string fault)
    {
        faults.Add(fault);
        return null;
    }

    private void WriteConstant(string text) => BuffersExtensions.Write(_constant, System.Text.Encoding.UTF8.GetBytes(text));

    private void EndConstant()
    {
        if (_constant.WrittenCount > 0)
        {
            _pieces.Add(new ArgumentPiece(ArgumentPieceKind.Constant, _constant.WrittenSpan.ToArray()));
            _constant.ResetWrittenCount();
        }
    }
}
