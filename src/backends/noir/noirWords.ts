/** Words of Noir, and names of the generated modules and parameters, that name nothing else. */
export const NOIR_WORDS: readonly string[] = [
  ..."as assert assert_eq assert_constant bool break call_data char comptime constrain continue contract crate dep else enum".split(
    " ",
  ),
  ..."Expr Field fn for FunctionDefinition global i8 i16 i32 i64 if impl in let loop match mod Module mut pub Quoted return".split(
    " ",
  ),
  ..."return_data Self self str struct StructDefinition super trait Type type TypedExpr u1 u8 u16 u32 u64 u128 unchecked".split(
    " ",
  ),
  ..."unconstrained unsafe use where while true false fmtstr std main model".split(" "),
  ..."layers elements rounding sponge weights tables w digest salt commitment salt_w salt_x salt_y sponge_w sponge_x sponge_y sample i".split(
    " ",
  ),
];
