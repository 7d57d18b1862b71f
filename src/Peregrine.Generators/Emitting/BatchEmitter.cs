using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the part of a handler that reads the arguments of one call of a batch, and runs batches.</summary>
internal static class BatchEmitter
{
    internal static void Emit(CodeWriter code, JsonCode json, string target, ToolModel tool)
    {
        var type = tool.BatchOf!.TypeName;
        code.Open($"protected override bool TryBind(McpCall call, [global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out {type} result)");
        code.Line("var arguments = new ToolArguments(call);");
        code.Line($"result = {json.Read(tool.BatchOf, "\"\"", BoundsModel.None, NumberForms.None)};");
        code.Open("if (arguments.Error is { } error)");
        code.Line("call.RejectArguments(error);");
        code.Line("return false;");
        code.Close();
        code.Line();
        code.Line("return true;");
        code.Close();
        code.Line();
        var arguments = string.Join(", ", tool.Parameters.Select(static parameter => parameter.Source == ParameterSource.Batch ? "batch" : "cancellationToken"));
        // One instance for all calls of a batch: that of the first.
        var call = $"{target.Replace("(call)", "(batch[0].Call)")}.{tool.Method}({arguments})";
        code.Line($"protected override ValueTask RunBatchAsync(McpBatch<{type}> batch, CancellationToken cancellationToken) => {(tool.Return.Kind == ReturnKind.Task ? $"new({call})" : call)};");
    }
}
