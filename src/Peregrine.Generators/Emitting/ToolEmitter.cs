using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the handler of one tool.</summary>
internal static class ToolEmitter
{
    internal static void Emit(CodeWriter code, string typeName, ToolModel tool)
    {
        var binder = new BinderEmitter(code, tool);
        var instance = tool.IsStatic ? "" : $"ToolInstance<{typeName}> tools";
        code.Open($"file sealed class {tool.HandlerName}({instance}) : McpToolHandler(ToolDefinition)");
        EmitDefinition(code, tool);
        binder.EmitTables();
        if (tool.Return.Shape is { Kind: ShapeKind.Enum } members)
        {
            BinderEmitter.EmitTable(code, "Result", members);
        }

        code.Open("public override ValueTask InvokeAsync(McpCall call)");
        binder.EmitReading();
        var target = tool.IsStatic ? typeName : "tools.For(call)";
        EmitCall(code, tool.Return, $"{target}.{tool.Method}({binder.CallArguments()})");
        code.Close();
        if (tool.Return is { Shape: not null, Kind: not ReturnKind.Direct })
        {
            code.Line();
            code.Open($"private static async ValueTask FinishAsync(McpCall call, {tool.Return.TypeName} running)");
            code.Line(Returning(tool.Return, "await running.ConfigureAwait(false)"));
            code.Close();
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

    private static void EmitDefinition(CodeWriter code, ToolModel tool)
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

        code.Line($"InputSchema = \"\"\"{SchemaEmitter.Emit(tool.Parameters)}\"\"\"u8.ToArray(),");
        foreach (var option in tool.Options)
        {
            code.Line($"{option},");
        }

        code.Close("};");
        code.Line();
    }

    private static void EmitCall(CodeWriter code, ReturnModel result, string call)
    {
        switch (result)
        {
            case { Shape: null, Kind: ReturnKind.Direct }:
                code.Line($"{call};");
                code.Line("return default;");
                break;
            case { Shape: null, Kind: ReturnKind.Task }:
                code.Line($"return new ValueTask({call});");
                break;
            case { Shape: null }:
                code.Line($"return {call};");
                break;
            case { Kind: ReturnKind.Direct }:
                code.Line(Returning(result, call));
                code.Line("return default;");
                break;
            default:
                code.Line($"var running = {call};");
                code.Open("if (!running.IsCompletedSuccessfully)");
                code.Line("return FinishAsync(call, running);");
                code.Close();
                code.Line();
                code.Line(Returning(result, "running.Result"));
                code.Line("return default;");
                break;
        }
    }

    private static string Returning(ReturnModel result, string value)
    {
        var shape = result.Shape!;
        return shape.Kind switch
        {
            ShapeKind.Enum => $"ToolResults.Return<{shape.TypeName}>(call, {value}, ResultNames, ResultValues);",
            ShapeKind.String when !result.IsNullable => $"call.ReturnText({value});",
            (>= ShapeKind.Boolean and <= ShapeKind.Decimal) or ShapeKind.Guid or ShapeKind.TimeSpan when !result.IsNullable => $"call.ReturnValue({value});",
            _ => $"ToolResults.Return(call, {value});",
        };
    }

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
