using System.Text.Json;

namespace Peregrine.Load.Workloads;

/// <summary>Reads workloads from JSON; comments and trailing commas are allowed. Reports all that is wrong at once, each with its place.</summary>
public static class WorkloadReader
{
    /// <summary>The longest workload taken, in bytes.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a workload.</summary>
    /// <param name="utf8">The JSON text.</param>
    public static WorkloadReadResult Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return new WorkloadReadResult(null, [$"the workload has more than {MaxLength} bytes"]);
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            var root = new WorkloadObject(document.RootElement, "", []);
            var workload = ReadWorkload(root);
            List<string> faults = root.Faults;
            if (faults.Count == 0)
            {
                faults.AddRange(workload.Validate());
            }

            return new WorkloadReadResult(faults.Count == 0 ? workload : null, faults);
        }
        catch (JsonException exception)
        {
            return new WorkloadReadResult(null, [$"no JSON: {exception.Message}"]);
        }
        catch (InvalidOperationException exception)
        {
            return new WorkloadReadResult(null, [$"a text that is none: {exception.Message}"]);
        }
    }

    private static Workload ReadWorkload(WorkloadObject root)
    {
        root.Allow("name", "description", "operations", "order", "session", "connection", "calls", "think", "pause", "seed", "audience", "stages");
        var calls = root.Object("calls");
        calls?.Allow("from", "to");
        var from = (int)(calls?.Number("from", 1, int.MaxValue) ?? 1);
        return new Workload
        {
            Name = root.Text("name") ?? "custom",
            Description = root.Text("description") ?? "",
            Operations = [.. root.Objects("operations").Select(ReadOperation)],
            Order = root.OneOf("order", StepOrder.Mix),
            Session = root.OneOf("session", SessionScope.Shared),
            Connection = root.OneOf("connection", ConnectionScope.Kept),
            MinCalls = from,
            MaxCalls = (int)(calls?.Number("to", from, int.MaxValue) ?? 1),
            ThinkTime = Seconds(root, "think"),
            Pause = Seconds(root, "pause"),
            Seed = (int)(root.Number("seed", 1, int.MaxValue) ?? 1),
            Audience = root.Object("audience") is { } audience ? ReadAudience(audience) : null,
            Stages = [.. root.Objects("stages").Select(ReadStage)],
        };
    }

    private static Operation ReadOperation(WorkloadObject json)
    {
        json.Allow("as", "method", "name", "uri", "weight", "arguments", "expect");
        var method = json.Text("method");
        var kind = OperationKinds.FromMethod(method ?? "");
        if (kind is null)
        {
            json.Fault("method", method is null ? "is missing" : $"\"{method}\" is not one of {string.Join(", ", OperationKinds.Methods)}");
        }

        var target = json.Text(kind == OperationKind.ReadResource ? "uri" : "name");
        var expect = json.Object("expect");
        expect?.Allow("text", "argument");
        return new Operation
        {
            Kind = kind ?? OperationKind.Ping,
            Name = json.Text("as") ?? target ?? method ?? "",
            Target = target,
            Weight = json.Number("weight", 1, double.MaxValue) ?? 1,
            Arguments = json.Raw("arguments"),
            ExpectedText = expect?.Text("text"),
            ExpectedArgument = expect?.Text("argument"),
        };
    }

    private static Audience ReadAudience(WorkloadObject json)
    {
        json.Allow("uri", "count");
        return new Audience { Uri = json.Text("uri") ?? "", Count = (int)(json.Number("count", 0, int.MaxValue) ?? 0) };
    }

    private static Stage ReadStage(WorkloadObject json)
    {
        json.Allow("seconds", "rate", "concurrency", "ramp");
        return new Stage
        {
            Duration = Seconds(json, "seconds"),
            Rate = json.Number("rate", null, double.MaxValue),
            Concurrency = (int?)json.Number("concurrency", null, int.MaxValue),
            Ramp = json.Boolean("ramp"),
        };
    }

    // Far more than any time allowed, and far less than a TimeSpan can hold.
    private static TimeSpan Seconds(WorkloadObject json, string name) => TimeSpan.FromSeconds(json.Number(name, 0, 1e9) ?? 0);
}
