using System.Text;
using System.Text.Json;

namespace Peregrine.Load.Workloads;

/// <summary>One JSON object of a workload file, read member by member; what is wrong is gathered with its place.</summary>
internal sealed class WorkloadObject
{
    private readonly JsonElement _json;
    private readonly string _place;

    internal WorkloadObject(JsonElement json, string place, List<string> faults)
    {
        _json = json;
        _place = place;
        Faults = faults;
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{(place.Length == 0 ? "the workload" : place)}: must be an object, found {json.ValueKind}");
        }
    }

    internal List<string> Faults { get; }

    internal void Fault(string member, string what) => Faults.Add($"{PlaceOf(member)}: {what}");

    /// <summary>Reports members that are not among <paramref name="names"/>: a misspelt one would silently mean nothing.</summary>
    internal void Allow(params string[] names)
    {
        if (_json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in _json.EnumerateObject().Where(member => !names.Contains(member.Name) && member.Name != "$schema"))
        {
            Fault(member.Name, $"unknown; allowed are {string.Join(", ", names)}");
        }
    }

    internal string? Text(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fault(name, $"must be a text, found {value.ValueKind}");
        return null;
    }

    internal double? Number(string name, double? otherwise, double max)
    {
        if (!TryGet(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= max && (max != int.MaxValue || number == Math.Floor(number)))
        {
            return number;
        }

        Fault(name, $"must be a {(max == int.MaxValue ? "whole " : "")}number from 0 on, found {value.GetRawText()}");
        return otherwise;
    }

    internal bool Boolean(string name)
    {
        if (TryGet(name, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fault(name, $"must be true or false, found {value.GetRawText()}");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A member as it stands, but for comments and trailing commas, which only the file may have.</summary>
    internal string? Raw(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal T OneOf<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Fault(name, $"\"{text}\" is not one of {string.Join(", ", Enum.GetNames<T>().Select(static one => one.ToLowerInvariant()))}");
        return otherwise;
    }

    internal WorkloadObject? Object(string name) => TryGet(name, out var value) ? new WorkloadObject(value, PlaceOf(name), Faults) : null;

    internal IEnumerable<WorkloadObject> Objects(string name)
    {
        if (!TryGet(name, out var value))
        {
            Fault(name, "is missing");
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((item, index) => new WorkloadObject(item, $"{PlaceOf(name)}[{index}]", Faults));
        }

        Fault(name, $"must be a list, found {value.ValueKind}");
        return [];
    }

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private string PlaceOf(string name) => _place.Length == 0 ? name : $"{_place}.{name}";
}
