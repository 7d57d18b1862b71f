using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the handler of one tool.</summary>
internal static class ToolEmitter
{
    internal static void Emit(CodeWriter code, JsonCode json, string typeName, ToolModel tool)
    {
        var instance = tool.IsStatic ? "" : $"ToolInstance<{typeName}> tools";
        var parent = tool.BatchOf is { } batch ? $"McpBatchToolHandler<{batch.TypeName}>" : "McpToolHandler";
        code.Open($"file sealed class {tool.HandlerName}({instance}) : {parent}(ToolDefinition)");
        EmitDefinition(code, json, tool);
        var target = tool.IsStatic ? typeName : "tools.For(call)";
        if (tool.BatchOf is not null)
        {
            BatchEmitter.Emit(code, json, target, tool);
        }
        else
        {
            var binder = new BinderEmitter(code, json, tool);
            code.Open("public override ValueTask InvokeAsync(McpCall call)");
            binder.EmitReading();
            ResultEmitter.EmitCall(code, json, tool.Return, $"{target}.{tool.Method}({binder.CallArguments()})");
            code.Close();
            ResultEmitter.EmitFinish(code, json, tool.Return);
        }

        EmitReconcile(code, tool);
        code.Close();
    }

    private static void EmitReconcile(CodeWriter code, ToolModel tool)
    {
        if (tool.ReconcileCode is not null)
        {
            code.Line();
            code.Line("public override bool CanReconcile => true;");
            code.Line();
            code.Line($"public override ValueTask<McpReconciliation> ReconcileAsync(string key, McpCall call, CancellationToken cancellationToken) => {tool.ReconcileCode};");
        }
    }

    private static void EmitDefinition(CodeWriter code, JsonCode json, ToolModel tool)
    {
        code.Open("private static readonly McpToolDefinition ToolDefinition = new()");
        code.Line($"Name = {Text(tool.Name)},");
        if (tool.Title is not null)
        {
            code.Line($"Title = {Text(tool.Title)},");
        }

        if (tool.Description is not null)
        {
            code.Line($"Description = {Text(tool.Description)},");
        }

        var input = tool.BatchOf is { } batch ? SchemaEmitter.Arguments(batch, json) : SchemaEmitter.Arguments(tool.Parameters, json);
        code.Line($"InputSchema = {input},");
        if (ResultEmitter.Schema(tool.Return, json) is { } output)
        {
            code.Line($"OutputSchema = {output},");
        }

        foreach (var option in tool.Options)
        {
            code.Line($"{option},");
        }

        code.Close("};");
        code.Line();
    }

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
