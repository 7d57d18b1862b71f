using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the class that reads and writes the values with parts of one class of tools.</summary>
internal static class JsonClassEmitter
{
    /// <summary>Writes what was asked for, and what that needs in turn; nothing where nothing was.</summary>
    internal static void Emit(CodeWriter code, JsonCode json)
    {
        if (json.ToRead.Count == 0 && json.ToWrite.Count == 0 && !json.Enums.Any() && !json.Patterns.Any())
        {
            return;
        }

        code.Line();
        code.Open($"file static class {json.ClassName}");
        while (json.ToRead.Count > 0)
        {
            ReadEmitter.Emit(code, json, json.Of(json.ToRead.Dequeue()));
            code.Line();
        }

        while (json.ToWrite.Count > 0)
        {
            WriteEmitter.Emit(code, json, json.Of(json.ToWrite.Dequeue()));
            code.Line();
        }

        foreach (var (key, shape) in json.Enums)
        {
            code.Line($"internal static readonly string[] {key}Names = [{string.Join(", ", shape.Members.Select(static member => JsonCode.Text(member.Name)))}];");
            code.Line($"internal static readonly {shape.TypeName}[] {key}Values = [{string.Join(", ", shape.Members.Select(member => $"{shape.TypeName}.{member.Code}"))}];");
        }

        foreach (var pattern in json.Patterns)
        {
            code.Line($"internal static readonly ToolPattern {pattern.Value} = new({JsonCode.Text(pattern.Key)});");
        }

        code.Close();
    }
}
