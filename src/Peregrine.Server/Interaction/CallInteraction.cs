using System.Globalization;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Interaction.State;

namespace Peregrine.Server.Interaction;

/// <summary>
/// What one call has asked its client and has done once; made when it first does either, so that other calls pay nothing. In the stateless era it begins with what earlier rounds
/// left. Thread-safe: a tool may ask several things at once.
/// </summary>
internal sealed class CallInteraction
{
    private const int MaxNameLength = 128;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stepNames = new(StringComparer.Ordinal);
    private readonly List<OpenQuestion> _open = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _responses = new(StringComparer.Ordinal);
    private readonly byte[] _binding = [];
    private CarriedValues _carried = new();
    private int _unnamed;

    /// <summary>Makes one for the call that <paramref name="exchange"/> carries now; its body is read and not kept.</summary>
    internal CallInteraction(McpExchange exchange, RequestStateSealer sealer)
    {
        if (exchange.Era == ProtocolEra.Stateless && exchange.Method is McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead)
        {
            _binding = RequestBinding.Of(exchange);
            Refusal = ReadRound(exchange.Envelope.Params.Of(exchange.Body.Span), sealer);
        }
    }

    /// <summary>What is wrong with the answers or the state that came with the request (-32602); null where nothing is.</summary>
    internal string? Refusal { get; }

    /// <summary>True where something was asked that has no answer: the call ends with that, whatever else it did.</summary>
    internal bool IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _open.Count > 0;
            }
        }
    }

    /// <summary>Claims the name of a question; gives it one by its order where it has none.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">Another question of this run has it.</exception>
    internal string Claim(string? name)
    {
        JudgeName(name);
        lock (_gate)
        {
            var key = name ?? string.Create(CultureInfo.InvariantCulture, $"question-{++_unnamed}");
            return _names.Add(key) ? key : throw new InvalidOperationException($"This call has asked two questions under the name \"{key}\"; give each a name of its own.");
        }
    }

    /// <summary>The answer to a question of the stateless era.</summary>
    /// <exception cref="CallSuspendedException">There is none yet: the run is over.</exception>
    internal T Ask<T>(ClientQuestion<T> question, string? name, ProtocolVersion version)
        where T : class
    {
        ThrowIfRefused();
        var key = Claim(name);
        lock (_gate)
        {
            if (_carried.Answers.TryGetValue(key, out var json) || _responses.TryGetValue(key, out json))
            {
                if (question.Read(json, out var answer) is null)
                {
                    _carried.SetAnswer(key, json);
                    return answer!;
                }
            }

            using var parameters = new PooledByteWriter(256);
            question.WriteParams(parameters, version);
            _open.Add(new OpenQuestion(key, question.Method.ToArray(), parameters.WrittenSpan.ToArray()));
        }

        throw new CallSuspendedException();
    }

    /// <summary>Asks what has been asked before and did not help: no answer to it is read.</summary>
    internal void AskAgain<T>(ClientQuestion<T> question, ProtocolVersion version)
        where T : class
    {
        var key = Claim(null);
        using var parameters = new PooledByteWriter(256);
        question.WriteParams(parameters, version);
        lock (_gate)
        {
            _open.Add(new OpenQuestion(key, question.Method.ToArray(), parameters.WrittenSpan.ToArray()));
        }
    }

    /// <summary>Begins a step.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="result">What it gave in an earlier round.</param>
    /// <returns>False where it has to be run.</returns>
    internal bool TryGetStep(string name, out ReadOnlyMemory<byte> result)
    {
        ThrowIfRefused();
        JudgeName(name);
        lock (_gate)
        {
            return !_stepNames.Add(name) ? throw new InvalidOperationException($"This call has two steps of the name \"{name}\"; give each a name of its own.")
                : _carried.Steps.TryGetValue(name, out result);
        }
    }

    /// <summary>Remembers what a step gave.</summary>
    internal void KeepStep(string name, ReadOnlyMemory<byte> result)
    {
        lock (_gate)
        {
            _carried.SetStep(name, result);
        }
    }

    /// <summary>Writes the open questions, an object by name.</summary>
    internal void WriteQuestions(PooledByteWriter writer)
    {
        lock (_gate)
        {
            writer.WriteByte((byte)'{');
            for (var i = 0; i < _open.Count; i++)
            {
                if (i > 0)
                {
                    writer.WriteByte((byte)',');
                }

                JsonStringWriter.WriteString(writer, _open[i].Key.AsSpan());
                writer.Write(":{\"method\":\""u8);
                writer.Write(_open[i].Method);
                writer.Write("\",\"params\":"u8);
                writer.Write(_open[i].Params);
                writer.WriteByte((byte)'}');
            }

            writer.WriteByte((byte)'}');
        }
    }

    /// <summary>Seals what the next round needs.</summary>
    /// <returns>Null where that is too much.</returns>
    internal string? Seal(RequestStateSealer sealer)
    {
        using var writer = new PooledByteWriter(256);
        lock (_gate)
        {
            _carried.Write(writer);
        }

        return sealer.Seal(writer.WrittenSpan, _binding);
    }

    private static void JudgeName(string? name)
    {
        if (name is { Length: 0 or > MaxNameLength })
        {
            throw new ArgumentException($"A name must have 1 to {MaxNameLength} characters.", nameof(name));
        }
    }

    private void ThrowIfRefused()
    {
        if (Refusal is not null)
        {
            throw new CallSuspendedException();
        }
    }

    // A second look at params, which only calls that ask pay for.
    private string? ReadRound(ReadOnlySpan<byte> parameters, RequestStateSealer sealer)
    {
        var reader = new Utf8JsonReader(parameters);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isState, isResponses) = (JsonText.TokenEquals(reader, "requestState"u8), JsonText.TokenEquals(reader, "inputResponses"u8));
            reader.Read();
            var fault = isState ? ReadState(ref reader, sealer) : isResponses ? ReadResponses(ref reader, parameters) : null;
            if (fault is not null)
            {
                return fault;
            }

            reader.Skip();
        }

        return null;
    }

    private string? ReadState(ref Utf8JsonReader reader, RequestStateSealer sealer)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return "Invalid params: \"requestState\" must be a string, as it was in the result that asked";
        }

        const string Foreign = "Invalid params: \"requestState\" is not one that this server gave for this request; send it unchanged with the same request, or begin again without it";
        if (reader.ValueSpan.Length > RequestStateSealer.MaxLength || reader.ValueIsEscaped)
        {
            return Foreign;
        }

        return sealer.TryOpen(reader.GetString(), _binding, out var contents) switch
        {
            OpenResult.Expired => "Invalid params: \"requestState\" has expired; begin again without it",
            OpenResult.Opened when CarriedValues.TryRead(contents, out _carried) => null,
            _ => Foreign,
        };
    }

    private string? ReadResponses(ref Utf8JsonReader reader, ReadOnlySpan<byte> parameters)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "Invalid params: \"inputResponses\" must be an object with an answer by name";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // A name that no question can have is passed over, as is every name that nothing was asked under.
            var name = reader.ValueSpan.Length <= MaxNameLength * 6 && JsonText.TryGetTokenString(reader, out var text) ? text : null;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (name is not null)
            {
                _responses[name] = parameters[start..(int)reader.BytesConsumed].ToArray();
            }
        }

        return null;
    }
}
