drop table dfworx.concern_replies;
