using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the part of a handler that reads the arguments into locals, one pass over the JSON.</summary>
internal sealed class BinderEmitter
{
    private readonly CodeWriter _code;
    private readonly ToolModel _tool;
    private readonly (ParameterModel Model, string Local, string Given)[] _arguments;
    private readonly Dictionary<string, string> _enumTables = new(StringComparer.Ordinal);

    internal BinderEmitter(CodeWriter code, ToolModel tool)
    {
        _code = code;
        _tool = tool;
        var locals = new NameScope("call", "arguments", "tools", "running", "error", "ToolArguments", "ToolResults", "CallProgress", "ValueTask", "_");
        var tables = new NameScope("Result");
        var arguments = tool.Parameters.Where(static parameter => parameter.Source == ParameterSource.Argument).ToArray();
        _arguments = new (ParameterModel, string, string)[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            _arguments[i] = (arguments[i], ShapeReader.EscapeKeyword(locals.Take(arguments[i].Name)), "");
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var pascal = char.ToUpperInvariant(arguments[i].Name[0]) + arguments[i].Name.Substring(1);
            _arguments[i].Given = locals.Take("has" + pascal);
            if (arguments[i].Shape is { Kind: ShapeKind.Enum })
            {
                _enumTables[arguments[i].Name] = tables.Take(pascal);
            }
        }
    }

    /// <summary>Writes the names and values of the enumerations among the arguments.</summary>
    internal void EmitTables()
    {
        foreach (var (model, _, _) in _arguments.Where(argument => _enumTables.ContainsKey(argument.Model.Name)))
        {
            EmitTable(_code, _enumTables[model.Name], model.Shape!);
        }
    }

    internal static void EmitTable(CodeWriter code, string name, ValueShape shape)
    {
        var names = string.Join(", ", shape.Members.Select(static member => SymbolDisplay.FormatLiteral(member.Name, quote: true)));
        var values = string.Join(", ", shape.Members.Select(member => $"{shape.TypeName}.{member.Code}"));
        code.Line($"private static readonly string[] {name}Names = [{names}];");
        code.Line($"private static readonly {shape.TypeName}[] {name}Values = [{values}];");
        code.Line();
    }

    /// <summary>Writes the statements that read the arguments, and end the call where they are refused.</summary>
    internal void EmitReading()
    {
        _code.Line("var arguments = new ToolArguments(call);");
        if (_arguments.Length == 0)
        {
            _code.Open("if (arguments.Next())");
            _code.Line("arguments.Unexpected();");
            _code.Close();
        }
        else
        {
            EmitLocals();
            EmitLoop();
            foreach (var (model, _, given) in _arguments.Where(static argument => !argument.Model.IsOptional))
            {
                _code.Line();
                _code.Open($"if (!{given})");
                _code.Line($"arguments.Missing({Text(model.JsonName)});");
                _code.Close();
            }
        }

        _code.Line();
        _code.Open("if (arguments.Error is { } error)");
        _code.Line("call.RejectArguments(error);");
        _code.Line("return default;");
        _code.Close();
        _code.Line();
    }

    /// <summary>What the method is called with.</summary>
    internal string CallArguments()
    {
        var next = 0;
        return string.Join(", ", _tool.Parameters.Select(parameter => parameter.Source switch
        {
            ParameterSource.CancellationToken => "call.CancellationToken",
            ParameterSource.Call => "call",
            ParameterSource.Progress => "new CallProgress(call)",
            _ => _arguments[next++].Local,
        }));
    }

    private void EmitLocals()
    {
        foreach (var (model, local, given) in _arguments)
        {
            var shape = model.Shape!;
            var initial = model.DefaultCode ?? (model.IsNullable ? "null" : shape.Kind == ShapeKind.String ? "\"\"" : shape.IsValueType ? "default" : "null!");
            _code.Line($"{shape.TypeName}{(model.IsNullable ? "?" : "")} {local} = {initial};");
            _code.Line($"var {given} = false;");
        }
    }

    private void EmitLoop()
    {
        _code.Line();
        _code.Open("while (arguments.Next())");
        var branch = "if";
        foreach (var (model, local, given) in _arguments)
        {
            _code.Open($"{branch} (arguments.Is({Text(model.JsonName)}u8))");
            var name = Text(model.JsonName);
            if (model.IsNullable)
            {
                _code.Line($"{local} = arguments.ReadIsNull({name}, ref {given}) ? null : {ReadValue(model)};");
            }
            else
            {
                _code.Line($"arguments.Read({name}, ref {given});");
                _code.Line($"{local} = {ReadValue(model)};");
            }

            EmitExclusiveBounds(model, local);
            _code.Close();
            branch = "else if";
        }

        _code.Open("else");
        _code.Line("arguments.Skip();");
        _code.Close();
        _code.Close();
    }

    private string ReadValue(ParameterModel model)
    {
        var shape = model.Shape!;
        var bounds = model.Bounds;
        var name = Text(model.JsonName);
        if (shape.Kind == ShapeKind.Enum)
        {
            var table = _enumTables[model.Name];
            return $"arguments.GetEnum<{shape.TypeName}>({name}, {table}Names, {table}Values)";
        }

        if (bounds.MinLength is > 0 || bounds.MaxLength is not null)
        {
            var maximum = bounds.MaxLength?.ToString(CultureInfo.InvariantCulture) ?? "int.MaxValue";
            return $"arguments.GetString({name}, minLength: {bounds.MinLength ?? 0}, maxLength: {maximum})";
        }

        var suffix = DefaultValues.Suffix(shape.Kind);
        var min = bounds.Minimum is null ? "" : $", min: {bounds.Minimum}{suffix}";
        var max = bounds.Maximum is null ? "" : $", max: {bounds.Maximum}{suffix}";
        return $"arguments.Get{shape.Kind}({name}{min}{max})";
    }

    // The reader's bounds are inclusive, so what is left to refuse is the bound itself.
    private void EmitExclusiveBounds(ParameterModel model, string local)
    {
        var bounds = model.Bounds;
        EmitExclusiveBound(model, local, bounds.IsMinimumExclusive ? bounds.Minimum : null, "more");
        EmitExclusiveBound(model, local, bounds.IsMaximumExclusive ? bounds.Maximum : null, "less");
    }

    private void EmitExclusiveBound(ParameterModel model, string local, string? bound, string word)
    {
        if (bound is null)
        {
            return;
        }

        _code.Open($"if ({local} == {bound}{DefaultValues.Suffix(model.Shape!.Kind)})");
        _code.Line($"arguments.Refuse({Text($"Argument \"{model.JsonName}\" must be {word} than {bound}.")});");
        _code.Close();
    }

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
